package io.attune.pipeline.bundle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a tokenizer of complete words, so that a test can say what a token is. */
public final class TestTokenizer {
  public static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "good", "bad", "not", "shares", "bank", "phone", "screen", "the", "a",
          "is", "was", "very", "today", "again");

  private TestTokenizer() {}

  /** Returns the bytes of its {@code tokenizer.json}. */
  public static byte[] json() {
    String vocabulary =
        IntStream.range(0, WORDS.size())
            .mapToObj(id -> "\"%s\": %d".formatted(WORDS.get(id), id))
            .collect(Collectors.joining(", "));
    return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
        """
        .formatted(vocabulary)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the ids of a text whose words are all known. */
  public static int[] ids(String text) {
    return List.of(text.split(" ")).stream().mapToInt(WORDS::indexOf).toArray();
  }
}
