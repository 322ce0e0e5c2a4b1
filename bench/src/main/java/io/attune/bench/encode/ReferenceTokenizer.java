package io.attune.bench.encode;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs a {@code tokenizer.json} in Hugging Face's native library, as a user of it would. */
final class ReferenceTokenizer implements AutoCloseable {
  /** Holds as many texts as a call of their batch method gets. */
  private static final int BATCH = 256;

  private final HuggingFaceTokenizer runtime;

  ReferenceTokenizer(byte[] json) throws IOException {
    runtime =
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json),
            Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false"));
  }

  /** Encodes texts by the batch method; returns the number of tokens. */
  long encodeBatches(List<String> texts) {
    long tokens = 0;
    for (int from = 0; from < texts.size(); from += BATCH) {
      List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
      for (Encoding encoding : runtime.batchEncode(batch, true, false)) {
        tokens += encoding.getIds().length;
      }
    }
    return tokens;
  }

  /** Encodes a text and takes nothing but its ids out of the library, the least it can do. */
  int[] ids(String text) {
    long found = TokenizersLibrary.LIB.encode(runtime.getHandle(), text, true);
    try {
      return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(found))
          .mapToInt(Math::toIntExact)
          .toArray();
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(found);
    }
  }

  @Override
  public void close() {
    runtime.close();
  }
}
