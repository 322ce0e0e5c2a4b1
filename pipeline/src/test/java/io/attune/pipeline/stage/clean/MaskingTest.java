package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.copies.CopiesConfig;
import io.attune.pipeline.stage.clean.Changes.Kind;
import io.attune.pipeline.stage.clean.CleanConfig.Personal;
import io.attune.pipeline.stage.clean.CleanConfig.Urls;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  private static final CopiesConfig COPIES =
      new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.9, 1000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Write to desk@example.com.|Write to [EMAIL].",
        "邮箱desk.a+b@mail.example.cn谢谢|邮箱[EMAIL]谢谢",
        "ID 11010519491231002X, see|ID [CN-ID], see",
        "身份证11010519491231002x号|身份证[CN-ID]号",
        "Card 4111 1111 1111 1111 12/27|Card [CARD] 12/27",
        "Card 4111-1111-1111-1111|Card [CARD]",
        "Card 4111 1111 1111 1111 123|Card [CARD] 123",
        "No 1234 4111 1111 1111 1111|No 1234 [CARD]",
        "3782 822463 10005 and 5555555555554444|[CARD] and [CARD]",
        "电话13812345678联系|电话[MOBILE]联系",
        "+86 138-1234-5678 or 8613812345678|[MOBILE] or [MOBILE]",
        "Call +49 30 1234567.|Call [PHONE].",
        "Call (555) 123-4567 or 400-820-8820|Call [PHONE] or [PHONE]",
        "总机010-12345678-123|总机[PHONE]",
        "London 020 7946 0958|London [PHONE]",
      })
  void whatMayIdentifyAPersonBecomesItsKind(String text, String expected) {
    assertThat(masked(text, Urls.KEEP, Personal.values())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b, @user, user@ and x@y.1",
        "110105194912310021 and 11010519491331002X",
        "4111 1111 1111 1112 and 1234567890123456",
        "2019 2020 2021 2022, 100 200 300 4000",
        "23812345678, 138123456789, x13812345678, 0.13812345678",
        "On 2026-01-02 and 01-02-2026 it was 1,234,567.89, +5 and -3.2 of 192.168.10.1",
        "Order 1234567890 of 4 parts",
      })
  void otherNumbersStay(String text) {
    assertThat(masked(text, Urls.KEEP, Personal.values())).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "See https://x.example/a?b=1&c=2. Next|See [URL]. Next|See . Next",
        "看http://t.cn/abc吧|看[URL]吧|看吧",
        "(www.example.com/a_b)|([URL])|()",
        "Ftp://host/x and http:// alone|[URL] and http:// alone|and http:// alone",
      })
  void webAddressesAreMaskedOrDropped(String text, String masked, String dropped) {
    assertThat(masked(text, Urls.MASK)).isEqualTo(masked);
    assertThat(masked(text, Urls.DROP)).isEqualTo(dropped);
    assertThat(masked(text, Urls.KEEP)).isEqualTo(text);
  }

  @Test
  void onlyWhatIsNamedIsMaskedAndCountedWithoutAnExample() {
    Changes changes = new Changes();
    String text = "a@example.com 4111111111111111 13812345678";

    String masked = Masking.masked(text, config(Urls.KEEP, Personal.EMAIL), changes);

    assertThat(masked).isEqualTo("[EMAIL] 4111111111111111 13812345678");
    assertThat(changes.of(Kind.EMAIL)).isEqualTo(1);
    assertThat(changes.rows()).hasSize(1);
    assertThat(changes.rows().get(0).isNullAt(2)).isTrue();
  }

  @Test
  void linesStayLines() {
    assertThat(masked("https://x.example/a\nb", Urls.DROP)).isEqualTo("b");
    assertThat(masked("a https://x.example\nb", Urls.DROP)).isEqualTo("a\nb");
  }

  @Property(tries = 500)
  void cardIsMaskedWithItsCheckDigitAndWithNoOther(
      @ForAll @StringLength(min = 12, max = 17) @CharRange(from = '0', to = '9') String body,
      @ForAll @IntRange(min = 0, max = 9) int digit) {
    String number = "4" + body;
    int check = luhn(number);

    assertThat(masked("x " + number + check + " y", Urls.KEEP, Personal.CARD))
        .isEqualTo("x [CARD] y");
    if (digit != check) {
      String wrong = "x " + number + digit + " y";
      assertThat(masked(wrong, Urls.KEEP, Personal.CARD)).isEqualTo(wrong);
    }
  }

  @Property(tries = 500)
  void identityNumberIsMaskedWithItsCheckDigitAndWithNoOther(
      @ForAll @IntRange(min = 100_000, max = 999_999) int place,
      @ForAll @IntRange(min = 1800, max = 2099) int year,
      @ForAll @IntRange(min = 1, max = 28) int day,
      @ForAll @IntRange(min = 0, max = 999) int serial,
      @ForAll @IntRange(min = 0, max = 10) int digit) {
    String number = "%d%d%02d%02d%03d".formatted(place, year, 1 + day % 12, day, serial);
    String signs = "0123456789X";
    int check = mod11(number);

    assertThat(masked("号" + number + signs.charAt(check) + "。", Urls.KEEP, Personal.CN_ID))
        .isEqualTo("号[CN-ID]。");
    if (digit != check) {
      String wrong = "号" + number + signs.charAt(digit) + "。";
      assertThat(masked(wrong, Urls.KEEP, Personal.CN_ID)).isEqualTo(wrong);
    }
  }

  @Property(tries = 300)
  void textWithoutDigitsAndSignsOfAddressesStays(
      @ForAll @CharRange(from = 'a', to = 'z') @CharRange(from = '一', to = '龥') String text) {
    assertThat(masked(text.replace("www", ""), Urls.MASK, Personal.values()))
        .isEqualTo(text.replace("www", ""));
  }

  /** Computes ISO 7064 MOD 11-2 digit by digit, as its definition does. */
  private static int mod11(String number) {
    int product = 0;
    for (int i = 0; i < number.length(); i++) {
      product = (product + number.charAt(i) - '0') * 2 % 11;
    }
    return (12 - product) % 11;
  }

  private static int luhn(String number) {
    for (int check = 0; check <= 9; check++) {
      int sum = 0;
      boolean twice = false;
      for (char digit : new StringBuilder(number + check).reverse().toString().toCharArray()) {
        int value = (digit - '0') * (twice ? 2 : 1);
        sum += value / 10 + value % 10;
        twice = !twice;
      }
      if (sum % 10 == 0) {
        return check;
      }
    }
    throw new IllegalStateException("One of ten consecutive sums is a multiple of 10");
  }

  private static String masked(String text, Urls urls, Personal... kinds) {
    return Masking.masked(text, config(urls, kinds), new Changes());
  }

  private static CleanConfig config(Urls urls, Personal... kinds) {
    return new CleanConfig(1, 200_000, 0.05, 0.5, urls, List.of(kinds), 0, COPIES);
  }
}
