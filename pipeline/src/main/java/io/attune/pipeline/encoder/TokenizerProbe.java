package io.attune.pipeline.encoder;

import io.attune.neural.encoder.EncoderShape;
import io.attune.pipeline.text.SubwordTokenizer;
import io.attune.schemas.failure.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Tries the tokenizer of an encoder before it is published, as a night will use it. */
final class TokenizerProbe {
  /** Has a code point without a meaning too, which no vocabulary has. */
  private static final List<String> TEXTS =
      List.of("Attune 你好 probe 123", "a B 1 。 一 é 😀 \u0378 \uFFFD");

  private final String name;
  private final String file;

  /**
   * Prepares a try.
   *
   * @param name of the encoder
   * @param file that the tokenizer was read from
   */
  TokenizerProbe(String name, String file) {
    this.name = name;
    this.file = file;
  }

  /**
   * Opens a tokenizer and encodes texts.
   *
   * @throws Failure.BadInput if it cannot, or gives what the encoder does not know
   */
  void check(byte[] tokenizer, EncoderShape shape) {
    try (SubwordTokenizer opened = opened(tokenizer)) {
      if (opened.specialTokens() >= shape.maxTokens()) {
        throw bad(
            "it puts %d special tokens around every text, and the encoder has %d positions: nothing"
                    .formatted(opened.specialTokens(), shape.maxTokens())
                + " of a text would be left");
      }
      for (String text : TEXTS) {
        requireKnown(ids(opened, text, shape.maxTokens()), shape);
      }
    }
  }

  private SubwordTokenizer opened(byte[] tokenizer) {
    try {
      return SubwordTokenizer.of(tokenizer);
    } catch (Failure.BadInput e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw bad(firstLine(cause));
    }
  }

  private IntStream ids(SubwordTokenizer tokenizer, String text, int maxTokens) {
    try {
      return IntStream.concat(
          Arrays.stream(tokenizer.ids(text, maxTokens)),
          Arrays.stream(tokenizer.encode(text, maxTokens).ids()));
    } catch (RuntimeException e) {
      throw bad("it cannot encode the text '%s': %s".formatted(text, firstLine(e)));
    }
  }

  private static String firstLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }

  private void requireKnown(IntStream ids, EncoderShape shape) {
    int highest = ids.max().orElse(0);
    if (highest >= shape.vocabulary()) {
      throw bad(
          "it gives the token id %d, and the encoder has embeddings for %d"
              .formatted(highest, shape.vocabulary()));
    }
  }

  private Failure.BadInput bad(String problem) {
    return new Failure.BadInput(
        "The tokenizer of the encoder '%s' cannot be used: '%s': %s; take it from the publisher of"
            + " the encoder, or save it again with save_pretrained of a fast tokenizer of Hugging"
            + " Face",
        name, file, problem);
  }
}
