package io.attune.neural.pretrained;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Runs a {@code tokenizer.json} in Hugging Face's own library, with its special tokens. */
final class ReferenceTokenizer implements AutoCloseable {
  static {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
  }

  private final HuggingFaceTokenizer runtime;

  private ReferenceTokenizer(HuggingFaceTokenizer runtime) {
    this.runtime = runtime;
  }

  /** Opens a file with truncation and padding switched off. */
  static ReferenceTokenizer of(byte[] json) throws IOException {
    return new ReferenceTokenizer(
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json),
            Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false")));
  }

  int[] ids(String text) {
    return Arrays.stream(runtime.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    runtime.close();
  }
}
