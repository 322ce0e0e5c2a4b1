package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.clean.Changes.Kind;
import java.text.Normalizer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextNormalizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Profit &amp; loss|Profit & loss",
        "<p>One</p><p>two</p>|One two",
        "a < b and b > c|a < b and b > c",
        "5 &lt; 6|5 < 6",
        "<script>alert(1)</script>|alert(1)",
        "<style>p {}</style>Text|Text",
        "涨停　板|涨停 板",
        "e\u0301|\u00e9",
        "abc\u202Edef|abcdef",
        "Great 😀!|Great 😀!",
      })
  void normalizes(String text, String expected) {
    assertThat(normalize(text)).isEqualTo(expected);
  }

  @Property
  void visibleAsciiIsNormalizedAsInATextWithOtherCharacters(
      @ForAll @CharRange(from = ' ', to = '~') @Chars({' ', '<', '&', ';', 'b', '>'}) String text) {
    String normal = normalize(text);

    assertThat(normalize(text + " \u00e9"))
        .isEqualTo(normal == null ? "\u00e9" : normal + " \u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "👍👍👍",
        "👩\u200d💻",
        "👩🏽\u200d🚀",
        "👨\u200d👩\u200d👧\u200d👦",
        "❤\uFE0F",
        "❤\uFE0F\u200d🔥",
        "🏳\uFE0F\u200d🌈",
        "🙂\u200d↔\uFE0F",
        "1\uFE0F\u20E3",
        "🏴\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F",
        "葛\uDB40\uDD00城",
        "می\u200cخواهم",
        "क्\u200dष",
      })
  void joinersAndSelectorsThatMeanSomethingStay(String text) {
    Changes changes = new Changes();

    assertThat(TextNormalizer.normalize(text, changes)).isEqualTo(text);
    assertThat(changes.rows()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f\u200dree|free",
        "好\u200c吃|好吃",
        "a\uFE0Fb|ab",
        "👍\u200d end|👍 end",
        "👍\uFE0F\uFE0F|👍\uFE0F",
        "hidden\uDB40\uDC68\uDB40\uDC69|hidden",
        "\uFEFFbom|bom",
        "soft\u00ADhyphen|softhyphen",
        "e\u200b\u0301|\u00e9",
      })
  void thoseThatMeanNothingGo(String text, String expected) {
    Changes changes = new Changes();

    assertThat(TextNormalizer.normalize(text, changes)).isEqualTo(expected);
    assertThat(changes.of(Kind.INVISIBLE)).isPositive();
  }

  @Test
  void controlCharactersAndMarksBeyondThirtyAreCounted() {
    Changes changes = new Changes();

    String normal =
        TextNormalizer.normalize("a\u0007b\u0000\u0085" + "x" + "\u0323".repeat(40), changes);

    assertThat(normal).startsWith("a b x");
    assertThat(normal.chars().filter(c -> c == '\u0323')).hasSize(30);
    assertThat(changes.of(Kind.CONTROL)).isEqualTo(2);
    assertThat(changes.of(Kind.MARKS)).isEqualTo(10);
    assertThat(changes.rows().get(0).getString(2)).isEqualTo("U+0007");
  }

  @Test
  void loneSurrogateOfAReferenceIsBroken() {
    assertThat(normalize("cut &#xD83D;")).isEqualTo("cut \uFFFD");
  }

  @Test
  void linesOfTheOriginalStayLinesUntilTheEnd() {
    assertThat(TextNormalizer.lines("One \r\n\r\n two\u2028three\n", new Changes()))
        .isEqualTo("One\ntwo\nthree");
    assertThat(normalize("One \r\n\r\n two")).isEqualTo("One two");
    assertThat(normalize(" \n\u200b")).isNull();
    assertThat(TextNormalizer.normalize(null, new Changes())).isNull();
  }

  @Property(tries = 300)
  void whatIsLeftHasNoControlCharactersAndNoDoubleSpaces(@ForAll String text) {
    String normal = normalize(text);
    if (normal != null) {
      assertThat(normal).doesNotContainPattern("\\p{Cc}|  |^ | $|[\\u202A-\\u202E]").isNotBlank();
      assertThat(Normalizer.isNormalized(normal, Normalizer.Form.NFC)).isTrue();
    }
  }

  @Property(tries = 300)
  void normalTextWithoutReferencesStaysAsItIs(@ForAll String text) {
    String normal = normalize(text.replace("&", "").replace("<", ""));

    assertThat(normalize(normal)).isEqualTo(normal);
  }

  @Property(tries = 300)
  void onlyTextsThatMayHaveLinesHaveSome(
      @ForAll("textsWithLineEnds") List<String> parts, @ForAll boolean isPlain) {
    String text = String.join(isPlain ? " " : "", parts);
    String lines = TextNormalizer.lines(text, new Changes());

    assertThat(TextNormalizer.mayHaveLines(text) || lines.indexOf('\n') < 0)
        .as("'%s' became '%s'", text, lines)
        .isTrue();
  }

  @Provide
  Arbitrary<List<String>> textsWithLineEnds() {
    return Arbitraries.of(
            "a", "b ", "\r", "\n", "\u000B", "\f", "\u0085", "\u2028", "\u2029", "<br>", "&#10;",
            "\u001C", "\u00A0", "<p>", "ﬁ", "好")
        .list()
        .ofMaxSize(6);
  }

  private static String normalize(String text) {
    return TextNormalizer.normalize(text, new Changes());
  }
}
