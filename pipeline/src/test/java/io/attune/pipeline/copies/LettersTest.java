package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
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
    "'Ça va', 'c\u0327a va'",
    "'1,000 units', '1000 units'",
    "'1,5 Prozent', '1.5 Prozent'",
    "'1.000.000 Euro', '1,000,000 Euro'",
    "'It fell. 5 rose, 3 fell', 'it fell 5 rose 3 fell'",
    "'on 2025-01-03', 'on 2025 01 03'",
    "'well-known - or not?', '(well known) “or” not…'",
    "'10-12 days', '10 12 days'",
    "'10%-12%', '10% 12%'",
    "'iPhone-15', 'iphone 15'",
    "'up −1.0 %', 'up -1.0%'",
    "'涨幅－1.0％', '涨幅-1.0%'",
    "'3月-5月', '3月5月'",
    "'good :-)', 'good :)))'",
    "'a = b, <tag> -> c', 'a b tag c'",
    "'==== 5 ====', '5'",
    "'see http://a.b/c?d=e', 'see http a b c d e'",
    "'at 10:30: (a)', 'at 1030 a'",
    "'结论：（一）', '结论 一'",
    "'nice ❤️👍🏽', 'nice ❤👍'"
  })
  void caseFormSpacesAndSignsMakeNoOtherKey(String one, String other) {
    assertThat(key(one)).isEqualTo(key(other));
  }

  @ParameterizedTest
  @CsvSource({
    "shares up 1.0%, shares up 10%",
    "rates 1.25, rates 12.5",
    "shares +1.0%, shares -1.0%",
    "shares +1.0%, shares 1.0%",
    "(-5), (5)",
    "-$5, $5",
    "loss: -.5, loss: .5",
    "涨幅+1.0%, 涨幅-1.0%",
    "< 5, > 5",
    "n>=5, n<=5",
    "≤5 mg, ≥5 mg",
    "p < .05, p > .05",
    "5%, $5",
    "5 €, 5 £",
    "fine :-), fine :-(",
    "fine :), fine ;)",
    "好:)谢谢, 好:(谢谢",
    "fine ^_^, fine >_<",
    "fine :D, fine :/",
    "ok 👍, ok 👎",
    "★★★☆☆ ok, ★☆☆☆☆ ok",
    "oil ▲ 2, oil ▼ 2",
    "<3, </3"
  })
  void signsThatMakeAnotherStatementMakeAnotherKey(String one, String other) {
    assertThat(key(one)).isNotEqualTo(key(other));
  }

  @Property
  void signsThatMeanNothingAloneLeaveLettersAndDigits(
      @ForAll
          @CharRange(from = 'a', to = 'f')
          @CharRange(from = '0', to = '9')
          @Chars({' ', '"', '(', ')', '!', '?', '&', '/', '_', '“', '…', '—', '。'})
          String text) {
    String letters = text.replaceAll("[^a-z0-9]", "");

    assertThat(key(text)).isEqualTo(letters.isEmpty() ? text : letters);
  }

  @Property
  void aKeyIsNoLongerThanItsText(
      @ForAll @Chars({':', '-', ')', '<', '5', ' ', '%', '^', '_', '$'}) String text) {
    assertThat(key(text).length()).isLessThanOrEqualTo(text.length());
  }

  @Test
  void vowelSignsOfIndicScriptsCount() {
    assertThat(key("कि")).isNotEqualTo(key("का"));
  }

  @Test
  void aTextWithoutLettersIsItsOwnKey() {
    assertThat(key("👍👍")).isEqualTo("👍👍");
    assertThat(key("👍")).isNotEqualTo(key("👎"));
    assertThat(key("好❤️")).isEqualTo("好❤");
    assertThat(key("!!!")).isEqualTo("!!!");
    assertThat(key(":-)")).isEqualTo(":)");
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
