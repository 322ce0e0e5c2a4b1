package io.attune.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubwordTokenizerTest {
  /**
   * Holds a third-party tokenizer: words, lower case, truncation at 2 tokens, and a post-processor
   * that puts a special token before each text and one after it.
   */
  private static final String SURROUNDED =
      """
      {"version": "1.0",
       "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
       "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
                   "pad_id": 3, "pad_type_id": 0, "pad_token": "<pad>"},
       "added_tokens": [
         {"id": 3, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false,
          "normalized": false, "special": true}],
       "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [2], "tokens": ["<s>"]},
                            "</s>": {"id": "</s>", "ids": [7], "tokens": ["</s>"]}}},
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "<unk>",
         "vocab": {"good": 0, "<unk>": 1, "<s>": 2, "<pad>": 3, "手": 4, "机": 5, "😀": 6, "</s>": 7, "10": 41}}}
      """;

  /** Holds the same without the post-processor. */
  private static final String WORDS =
      SURROUNDED.replaceFirst(
          "(?s)\"post_processor\": .*?\\}\\}\\},\n", "\"post_processor\": null,\n");

  private static SubwordTokenizer tokenizer() {
    return SubwordTokenizer.shared(WORDS.getBytes(StandardCharsets.UTF_8));
  }

  static SubwordTokenizer surrounding() {
    return SubwordTokenizer.shared(SURROUNDED.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> pieces(String text, Encoding encoding) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < encoding.tokens(); i++) {
      pieces.add(text.substring(encoding.starts()[i], encoding.ends()[i]));
    }
    return pieces;
  }

  @Test
  void offsetsAreUtf16IndicesIntoTheTextAsGiven() {
    String text = "😀 GOOD  手 机 𝟏𝟎 good";

    Encoding encoding = tokenizer().encode(text, 100);

    assertThat(encoding.ids()).containsExactly(6, 0, 4, 5, 41, 0);
    assertThat(pieces(text, encoding)).containsExactly("😀", "GOOD", "手", "机", "𝟏𝟎", "good");
  }

  @Test
  void givesNoSpecialTokensNoPaddingAndOnlyItsOwnCut() {
    assertThat(tokenizer().encode("good good good good", 3).ids()).containsExactly(0, 0, 0);
    assertThat(tokenizer().encode("good", 3).ids()).containsExactly(0);
  }

  @Test
  void putsTheSpecialTokensOfThePostProcessorAroundEachTextAndKeepsThemWhenItCuts() {
    String text = "good 😀 手 机";

    Encoding whole = surrounding().encode(text, 100);
    Encoding cut = surrounding().encode(text, 4);

    assertThat(surrounding().specialTokens()).isEqualTo(2);
    assertThat(whole.ids()).containsExactly(2, 0, 6, 4, 5, 7);
    assertThat(pieces(text, whole)).containsExactly("", "good", "😀", "手", "机", "");
    assertThat(cut.ids()).containsExactly(2, 0, 5, 7);
    assertThat(pieces(text, cut)).containsExactly("", "good", "机", "");
    assertThat(surrounding().ids(text, 4)).isEqualTo(cut.ids());
    assertThat(surrounding().tokens(text)).containsExactly("good", "😀", "手", "机");
  }

  @Test
  void keepsTheStartAndTheEndOfATextThatIsTooLong() {
    String text = "good 😀 手 机 10";

    assertThat(tokenizer().ids(text, 5)).containsExactly(0, 6, 4, 5, 41);
    assertThat(tokenizer().ids(text, 4)).containsExactly(0, 6, 5, 41);
    assertThat(tokenizer().ids(text, 3)).containsExactly(0, 6, 41);
    assertThat(tokenizer().ids(text, 1)).containsExactly(0);
    assertThat(pieces(text, tokenizer().encode(text, 3))).containsExactly("good", "😀", "10");
  }

  @Test
  void aTextWithoutTokensIsTheSpecialOnesAlone() {
    for (String text : List.of("", "  \n\t")) {
      Encoding encoding = surrounding().encode(text, 5);
      assertThat(encoding.ids()).containsExactly(2, 7);
      assertThat(encoding.ends()).containsExactly(0, 0);
    }
  }

  @Test
  void refusesACutThatLeavesNothingOfAText() {
    assertThat(surrounding().ids("good 手", 3)).containsExactly(2, 0, 7);
    assertThatThrownBy(() -> surrounding().ids("good", 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than the 2 special tokens");
  }

  @Test
  void withoutAPostProcessorNothingIsAdded() {
    assertThat(tokenizer().specialTokens()).isZero();
  }

  @Test
  void aTextWithoutTokensIsOneUnknownToken() {
    for (String text : List.of("", "  \n\t")) {
      Encoding encoding = tokenizer().encode(text, 5);
      assertThat(encoding.ids()).containsExactly(1);
      assertThat(encoding.ends()).containsExactly(0);
    }
  }

  @Test
  void textThatSpellsThePaddingTokenNeverGivesPadding() {
    assertThat(tokenizer().encode("good <pad> good", 5).ids()).containsExactly(0, 1, 0);
  }

  @Test
  void nothingThatAStringCanHoldMakesItFailOrLosesItsPlace() {
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      StringBuilder noise = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        noise.append((char) random.nextInt(0x10000));
      }
      String text = noise + "\0 \uD83D good 😀";

      Encoding encoding = tokenizer().encode(text, 1000);

      assertThat(IntStream.of(encoding.ids()))
          .allMatch(id -> id >= 0 && id < tokenizer().vocabulary());
      assertThat(pieces(text, encoding)).endsWith("good", "😀");
      assertThat(tokenizer().ids(text, 1000)).isEqualTo(encoding.ids());
    }
  }

  @Test
  void vocabularyIsBeyondTheHighestIdWhateverTheGaps() {
    assertThat(tokenizer().vocabulary()).isEqualTo(42);
    assertThat(tokenizer().unknown()).isEqualTo(1);
  }

  @Test
  void sharesOneInstanceForTheSameBytesWhichClosingDoesNotEnd() {
    try (SubwordTokenizer first = tokenizer()) {
      assertThat(tokenizer()).isSameAs(first);
    }
    assertThat(tokenizer().encode("good", 1).ids()).containsExactly(0);
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    for (String broken : List.of("", "{}", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0}}}")) {
      assertThatThrownBy(() -> SubwordTokenizer.of(broken.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("are not a tokenizer.json")
          .hasMessageContaining("run tokenize again");
    }
  }

  @Test
  void neverCallsHome() {
    assertThat(tokenizer().encode("good", 1).tokens()).isEqualTo(1);
    assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
  }
}
