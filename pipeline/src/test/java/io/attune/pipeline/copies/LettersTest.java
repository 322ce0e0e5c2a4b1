package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LettersTest {
  private static String key(String text) {
    return Letters.of(text).key();
  }

  @ParameterizedTest
  @CsvSource({
    "'Shares, of ACME!', 'shares of Acme'",
    "'ＡＢＣ　１２３', 'abc 123'",
    "'ﬁne ① day', 'fine 1 day'",
    "'屏幕很好。', '屏幕，很好！'",
    "'Ça va', 'c\u0327a va'"
  })
  void caseFormSpacesAndSignsMakeNoOtherKey(String one, String other) {
    assertThat(key(one)).isEqualTo(key(other));
  }

  @Test
  void vowelSignsOfIndicScriptsCount() {
    assertThat(key("कि")).isNotEqualTo(key("का"));
  }

  @Test
  void aTextWithoutLettersIsItsOwnKey() {
    assertThat(key("👍👍")).isEqualTo("👍👍");
    assertThat(key("👍")).isNotEqualTo(key("👎"));
    assertThat(key("好❤️")).isEqualTo("好");
  }

  @Property
  void whatStandsBetweenLettersDoesNotMatter(
      @ForAll List<@AlphaChars @StringLength(min = 1, max = 5) String> words) {
    Assume.that(!words.isEmpty());

    assertThat(key(String.join(" - ", words)))
        .isEqualTo(key(String.join("", words).toUpperCase(Locale.ROOT)));
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Letters.of(text).units((whole, start, end) -> words.add(new String(whole, start, end - start)));
    return words;
  }

  private static boolean areMostlyCharacters(String text) {
    return Letters.of(text).units((whole, start, end) -> {});
  }

  @Test
  void wordsAreUnitsAndCharactersOfScriptsWithoutSpacesAre() {
    assertThat(words("The iPhone-15 is good!"))
        .containsExactly("the", "iphone", "15", "is", "good");
    assertThat(words("iPhone的屏幕ok")).containsExactly("iphone", "的", "屏", "幕", "ok");
    assertThat(words("コーヒー")).containsExactly("コ", "ー", "ヒ", "ー");
    assertThat(words("บ้าน")).containsExactly("บ้", "า", "น");
  }

  @Test
  void theMajorityOfUnitsDecidesOnTheShingle() {
    assertThat(areMostlyCharacters("屏幕很好 very good")).isTrue();
    assertThat(areMostlyCharacters("the screen 好 is very good")).isFalse();
    assertThat(areMostlyCharacters("안녕 하세요 여러분")).isFalse();
  }
}
