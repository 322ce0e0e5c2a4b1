package io.attune.pipeline.stage.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.text.Encoding;
import io.attune.pipeline.text.SubwordTokenizer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TokenizerJsonTest {
  private static final String ALPHABET = "abcdeABCDE12手机很好不,.!?'é１Ａ，😀 \n\t\u3000";

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(ALPHABET.codePoints().mapToObj(Character::toString).toList())
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  private static BpeModel modelOf(List<String> texts, boolean lowercase) {
    SortedMap<String, Long> words = new TreeMap<>();
    SubwordTokenizer splitter = SubwordTokenizer.shared(TokenizerJson.splitter(lowercase));
    for (String text : texts) {
      splitter.tokens(text).forEach(word -> words.merge(word, 1L, Long::sum));
    }
    return BpeTrainer.train(WordTable.of(words), new TokenizeConfig(200, 8, lowercase, 1, 16));
  }

  private static List<String> words(String text) {
    return SubwordTokenizer.shared(TokenizerJson.splitter(true)).tokens(text);
  }

  @Property(tries = 150, seed = "2026")
  void tokensPutTogetherAreTheNormalisedTextWithoutWhiteSpace(@ForAll("texts") String text) {
    for (boolean lowercase : new boolean[] {true, false}) {
      BpeModel model = modelOf(List.of(ALPHABET, text, text), lowercase);
      try (SubwordTokenizer runtime = SubwordTokenizer.of(TokenizerJson.of(model, lowercase))) {
        Encoding encoding = runtime.encode(text, 10_000);
        StringBuilder decoded = new StringBuilder();
        for (int id : encoding.ids()) {
          decoded.append(model.tokens().get(id));
        }
        String normalised = Normalizer.normalize(text, Normalizer.Form.NFKC);
        normalised = lowercase ? normalised.toLowerCase(Locale.ROOT) : normalised;
        String expected = normalised.replaceAll("\\s", "");
        assertThat(decoded.toString()).isEqualTo(expected.isEmpty() ? "[UNK]" : expected);
        assertThat(pieces(text, encoding)).isEqualTo(text.replaceAll("[\\s\u3000]", ""));
      }
    }
  }

  private static String pieces(String text, Encoding encoding) {
    StringBuilder pieces = new StringBuilder();
    for (int i = 0; i < encoding.tokens(); i++) {
      pieces.append(text, encoding.starts()[i], encoding.ends()[i]);
    }
    return pieces.toString();
  }

  @Test
  void wordsAreRunsOfHanOfLettersOfDigitsAndOfTheRest() {
    assertThat(words("Don't buy：我买了iPhone15手机，很好!! naïve e\u0301 もの 3.5% a-b ok☺️"))
        .containsExactly(
            "don't", "buy", ":", "我买了", "iphone", "15", "手机", ",", "很好", "!!", "naïve", "é", "もの",
            "3", ".", "5", "%", "a", "-", "b", "ok", "☺️");
  }

  @Test
  void frequentChineseWordsBecomeTokensWithoutSpaces() {
    List<String> texts = new ArrayList<>();
    for (String before : List.of("这个", "我的", "新的", "他的")) {
      for (String after : List.of("很好", "不好", "坏了", "便宜")) {
        texts.add(before + "手机" + after + "。");
      }
    }

    BpeModel model = modelOf(texts, true);

    assertThat(model.tokens()).contains("手机");
    try (SubwordTokenizer runtime = SubwordTokenizer.of(TokenizerJson.of(model, true))) {
      assertThat(runtime.tokens("好手机好")).contains("手机");
    }
  }

  @Test
  void caseIsKeptWhereAsked() {
    BpeModel model = modelOf(List.of("Bank bank"), false);

    assertThat(model.tokens()).contains("Bank", "bank");
    assertThat(modelOf(List.of("Bank bank"), true).tokens())
        .contains("bank")
        .doesNotContain("Bank");
  }

  @Test
  void unknownCharactersGiveTheUnknownTokenAndSpecialNamesGiveNoPadding() {
    BpeModel model = modelOf(List.of("pad unk good"), true);
    try (SubwordTokenizer runtime = SubwordTokenizer.of(TokenizerJson.of(model, true))) {
      assertThat(runtime.vocabulary()).isEqualTo(model.tokens().size());
      assertThat(runtime.unknown()).isEqualTo(BpeModel.UNKNOWN_ID);
      assertThat(runtime.encode("ЖЖЖ good", 9).ids())
          .containsExactly(BpeModel.UNKNOWN_ID, model.tokens().indexOf("good"));
      assertThat(runtime.encode("[PAD][UNK]", 9).ids()).doesNotContain(BpeModel.PAD_ID);
      assertThat(Map.of("ids", runtime.encode("\uD800", 9).ids().length)).containsEntry("ids", 1);
    }
  }
}
