package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

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
  @ParameterizedTest
  @CsvSource({
    "'Shares, of ACME!', 'shares of Acme'",
    "'ＡＢＣ　１２３', 'abc 123'",
    "'ﬁne ① day', 'fine 1 day'",
    "'屏幕很好。', '屏幕，很好！'",
    "'Ça va', 'c\u0327a va'"
  })
  void caseFormSpacesAndSignsMakeNoOtherKey(String one, String other) {
    assertThat(Letters.key(one)).isEqualTo(Letters.key(other));
  }

  @Test
  void vowelSignsOfIndicScriptsCount() {
    assertThat(Letters.key("कि")).isNotEqualTo(Letters.key("का"));
  }

  @Test
  void aTextWithoutLettersIsItsOwnKey() {
    assertThat(Letters.key("👍👍")).isEqualTo("👍👍");
    assertThat(Letters.key("👍")).isNotEqualTo(Letters.key("👎"));
    assertThat(Letters.key("好❤️")).isEqualTo("好");
  }

  @Property
  void whatStandsBetweenLettersDoesNotMatter(
      @ForAll List<@AlphaChars @StringLength(min = 1, max = 5) String> words) {
    Assume.that(!words.isEmpty());

    assertThat(Letters.key(String.join(" - ", words)))
        .isEqualTo(Letters.key(String.join("", words).toUpperCase(Locale.ROOT)));
  }

  @Test
  void wordsAreUnitsAndCharactersOfScriptsWithoutSpacesAre() {
    assertThat(Letters.units("The iPhone-15 is good!").words())
        .containsExactly("the", "iphone", "15", "is", "good");
    assertThat(Letters.units("iPhone的屏幕ok").words()).containsExactly("iphone", "的", "屏", "幕", "ok");
    assertThat(Letters.units("コーヒー").words()).containsExactly("コ", "ー", "ヒ", "ー");
    assertThat(Letters.units("บ้าน").words()).containsExactly("บ้", "า", "น");
  }

  @Test
  void theMajorityOfUnitsDecidesOnTheShingle() {
    assertThat(Letters.units("屏幕很好 very good").areMostlyCharacters()).isTrue();
    assertThat(Letters.units("the screen 好 is very good").areMostlyCharacters()).isFalse();
    assertThat(Letters.units("안녕 하세요 여러분").areMostlyCharacters()).isFalse();
  }
}
