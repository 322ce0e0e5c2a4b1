package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.bundle.TestTokenizer;
import io.attune.schemas.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerFaultsTest {
  private static final String WORDS =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "[PAD]": 1, "a": 2}}}
      """;

  private static List<String> faults(String tokenizer) {
    return TokenizerFaults.of(tokenizer.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void findsNoneInAWholeTokenizer() {
    assertThat(faults(WORDS)).isEmpty();
    assertThat(TokenizerFaults.of(TestTokenizer.json())).isEmpty();
  }

  @Test
  void missesAPaddingToken() {
    assertThat(faults(WORDS.replace("[PAD]", "b")))
        .containsExactly(
            "it has no padding token; add one to added_tokens, with the content [PAD] or <pad>");
  }

  @Test
  void findsAPaddingTokenOfAnyNameThatTheFileNames() {
    String named =
        WORDS
            .replace("[PAD]", "filler")
            .replace(
                "\"padding\": null",
                "\"padding\": {\"strategy\": \"BatchLongest\", \"direction\": \"Right\","
                    + " \"pad_to_multiple_of\": null, \"pad_id\": 1, \"pad_type_id\": 0,"
                    + " \"pad_token\": \"filler\"}");

    assertThat(faults(named)).isEmpty();
  }

  @Test
  void missesAnUnknownToken() {
    assertThat(faults(WORDS.replace("\"[UNK]\": 0", "\"b\": 0").replace("[UNK]", "<oov>")))
        .anyMatch(fault -> fault.startsWith("it has no unknown token; name one"));
  }

  @Test
  void refusesIdsThatAreFarApart() {
    assertThat(faults(WORDS.replace("\"a\": 2", "\"a\": 2000000")))
        .containsExactly(
            "its highest token id is 2,000,000, and a network has a vector for each id; number its"
                + " tokens without gaps, below 1,000,000");
  }

  @Test
  void refusesSpecialTokensBeyondTheVocabulary() {
    String beyond =
        WORDS.replace(
            "\"post_processor\": null",
            "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\":"
                + " {\"id\": \"<s>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\", \"type_id\":"
                + " 0}}], \"pair\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}},"
                + " {\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}], \"special_tokens\": {\"<s>\":"
                + " {\"id\": \"<s>\", \"ids\": [77], \"tokens\": [\"<s>\"]}}}");

    assertThat(faults(beyond))
        .containsExactly(
            "its post_processor adds the token id 77, and the vocabulary ends at 2; give it the id"
                + " that the token has in the vocabulary");
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    assertThatThrownBy(() -> faults("[1]")).isInstanceOf(Failure.BadInput.class);
  }
}
