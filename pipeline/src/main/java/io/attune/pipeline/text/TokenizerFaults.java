package io.attune.pipeline.text;

import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Finds what keeps a tokenizer from being the vocabulary of a network that is trained from scratch.
 */
public final class TokenizerFaults {
  /** Limits the token ids: a network has a vector for each. */
  public static final int MOST_IDS = 1_000_000;

  /** Has letters, digits, signs and a code point without a meaning, which no vocabulary has. */
  private static final String ANY_TEXT = "a B 1 。 一 é 😀 \u0378 \uFFFD";

  private TokenizerFaults() {}

  /**
   * Returns sentences about what is wrong and what to do; none if the tokenizer can be used.
   *
   * @throws Failure.BadInput if the bytes are not a tokenizer
   */
  public static List<String> of(byte[] tokenizerJson) {
    List<String> faults = new ArrayList<>();
    try (SubwordTokenizer tokenizer = SubwordTokenizer.of(tokenizerJson)) {
      TokenizerFile file = tokenizer.file();
      if (file.padding() < 0) {
        faults.add(
            "it has no padding token; add one to added_tokens, with the content [PAD] or <pad>");
      }
      if (!file.hasUnknown()) {
        faults.add(
            "it has no unknown token; name one in model.unk_token, or add one to added_tokens, with"
                + " the content [UNK] or <unk>");
      }
      if (file.vocabulary() > MOST_IDS) {
        faults.add(
            String.format(
                Locale.ROOT,
                "its highest token id is %,d, and a network has a vector for each id; number its"
                    + " tokens without gaps, below %,d",
                file.vocabulary() - 1,
                MOST_IDS));
      }
      SpecialTokens special = tokenizer.special();
      IntStream.concat(Arrays.stream(special.prefix()), Arrays.stream(special.suffix()))
          .filter(id -> id < 0 || id >= file.vocabulary())
          .distinct()
          .forEach(
              id ->
                  faults.add(
                      String.format(
                          Locale.ROOT,
                          "its post_processor adds the token id %,d, and the vocabulary ends at"
                              + " %,d; give it the id that the token has in the vocabulary",
                          id,
                          file.vocabulary() - 1)));
      requireEncodes(tokenizer, faults);
    }
    return faults;
  }

  private static void requireEncodes(SubwordTokenizer tokenizer, List<String> faults) {
    try {
      var unused = tokenizer.tokens(ANY_TEXT);
    } catch (RuntimeException e) {
      faults.add(
          "it cannot encode the text '%s': %s; name its unknown token in model.unk_token"
              .formatted(ANY_TEXT, e.getMessage()));
    }
  }
}
