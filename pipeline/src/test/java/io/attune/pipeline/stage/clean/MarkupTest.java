package io.attune.pipeline.stage.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.copies.CopiesConfig;
import io.attune.pipeline.stage.clean.Changes.Kind;
import io.attune.pipeline.text.WellFormed;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {
  private static final CopiesConfig COPIES =
      new CopiesConfig(CopiesConfig.Near.DROP, 0.8, 0.9, 1000);

  /** Finds what may be markup of any kind, in a way of its own: by the names alone. */
  private static final Pattern MARKUP =
      Pattern.compile(
          "(?i)</?(p|b|br|div|a|style|script)[\\s/>]|<!--|<!doctype|<\\?xml|<!\\[CDATA\\[|&[#a-z]");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Shares of Norvale <NVS.N> rose, <BWF.L> fell",
        "Write to <desk@example.com> or <user>",
        "a target where price<fair and yield>5 percent",
        "a < b and b > c, x<y, 3<4>2",
        "if a <b and c> d",
        "Hauler & Sons <S> said, as did <B> and <U>",
        "an open <!-- note: and this stays",
        "<<<>>> </> <3 <- -> <!x> </ b>",
        "a tag that ends nowhere <p class=\"x",
        "<p class='x> and <a href=\"y>",
        "<o:p> <my-widget> <p@home> <b,c>",
        "AT&T, R&D; a&copy=1 &unknown; &#; &#x; &#99999999;",
        "<!doctype and <?xml without an end",
      })
  void whatHtmlDoesNotKnowStaysAsItWasWritten(String text) {
    Changes changes = new Changes();

    assertThat(Markup.removed(text, changes)).isEqualTo(text);
    assertThat(changes.rows()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A <b>bold</b> move|A bold move",
        "a<B>b</B >c|abc",
        "<a href=http://x.example/?q=1>link</a>|link",
        "<img src='a.png' alt=\"a < b > c\" />after|after",
        "<input type=checkbox checked disabled>on|on",
        "<span data-x onclick=\"if (a<b) { c() }\">s</span>|s",
        "<div class=\"x\"id='y'>text</div>|text",
        "one<!-- two < <b> -->three|onethree",
        "<!DOCTYPE html><html><body>page</body></html>|page",
        "<?xml version=\"1.0\"?>text|text",
        "<![CDATA[<b>News</b> a < b]]> end|News a < b end",
        "<style>p { color: red }</style>Text|Text",
        "<STYLE media=all>a</style >Text|Text",
        "<style>never closed|never closed",
        "<script>if (a < b) alert('<b>')</script>|if (a < b) alert('<b>')",
        "<script>never closed <i>x</i>|never closed x",
        "closed only</b>|closed only",
        "Profit &amp; loss|Profit & loss",
        "5 &lt; 6 &#62; 4 &#x3E; 3|5 < 6 > 4 > 3",
        "&lt;b&gt;bold&lt;/b&gt;|<b>bold</b>",
        "&amp;lt;|&lt;",
        "&#128;&#0;|€\uFFFD",
        "&#xD83D;&#xDE00;|😀",
      })
  void tagsGoAndReferencesAreDecodedOnce(String text, String expected) {
    assertThat(TextNormalizer.normalize(text, new Changes())).isEqualTo(expected);
  }

  @Test
  void blocksEndALineAndOtherTagsDoNot() {
    String text = "<p>One</p><p>two<br>th<i>re</i>e<ul><li>4<li>5</ul><td>6<td>7";

    assertThat(TextNormalizer.lines(text, new Changes())).isEqualTo("One\ntwo\nthree\n4\n5\n6\n7");
  }

  @Test
  void whatIsRemovedIsCountedWithAnExample() {
    Changes changes = new Changes();

    Markup.removed("<b>x</b><!-- y -->&amp;&lt;<style>z</style><i", changes);

    assertThat(changes.of(Kind.TAGS)).isEqualTo(2);
    assertThat(changes.of(Kind.COMMENTS)).isEqualTo(1);
    assertThat(changes.of(Kind.ENTITIES)).isEqualTo(2);
    assertThat(changes.of(Kind.STYLES)).isEqualTo(1);
    assertThat(changes.rows().get(0).getString(2)).isEqualTo("<b>");
  }

  @Property(tries = 500)
  void textWithoutTagsOfHtmlLosesNothing(@ForAll("angular") String text) {
    if (!MARKUP.matcher(text).find()) {
      Changes changes = new Changes();
      assertThat(Markup.removed(text, changes)).isEqualTo(text);
      assertThat(TextNormalizer.normalize(text, changes))
          .isEqualTo(withoutInvisibleCharacters(text));
    }
  }

  @Property(tries = 300)
  void wordsOutsideOfAngleBracketsAreNeverLost(@ForAll("pages") List<String> pieces) {
    String words = pieces.stream().filter(p -> p.startsWith("w")).collect(Collectors.joining());
    String normal = TextNormalizer.normalize(String.join("", pieces), new Changes());

    assertThat(normal == null ? "" : normal.replaceAll("[^w0-9]", "")).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<",
        "<b",
        "<b ",
        "<b a",
        "<b a=",
        "<b a=\"",
        "<b a='<b a=\"",
        "<b a='\" b=\"' ",
        "<!--",
        "</",
        "</b",
        "<style>",
        "<script>",
        "<style></style <",
        "<![CDATA[",
        "<!doctype ",
        "<?xml ",
        "&",
        "&#",
        "&amp",
        "&amp;",
        "<b id=1><p>",
        "<table><tr><td>",
        "\u0301",
        "\u0301\u0323",
        "a@",
        "@",
        "1",
        "1 ",
        "1-",
        "+1",
        "http://",
        "www.",
        "a.",
        "\u200d",
        "\ud83d",
        "👍\u200d"
      })
  void longTextOfOneKindTakesTimeInProportion(String piece) {
    CleanConfig config =
        new CleanConfig(
            1,
            200_000,
            0.05,
            0.5,
            CleanConfig.Urls.MASK,
            List.of(CleanConfig.Personal.values()),
            0,
            COPIES);
    for (String end : List.of("", "-->]]></style'\"")) {
      String text = piece.repeat(Math.max(100_000, 500_000 / piece.length())) + end;
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> Preparation.lines(text, config, new Changes()));
    }
  }

  @Provide
  Arbitrary<String> angular() {
    return Arbitraries.of(
            "<", ">", "/", "!", "-", "?", " ", "=", "\"", "'", "&", ";", "#", "b", "x", "user",
            "A.N", "5", "好", "\n", "\u200b", "é", "[", "]")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> pages() {
    Arbitrary<String> words = Arbitraries.integers().between(0, 99).map(i -> "w" + i);
    Arbitrary<String> tags =
        Arbitraries.of(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<table>",
            "<td>",
            "<iframe>",
            "<select>",
            "<style>",
            "<title>",
            "<textarea>",
            "<frameset>",
            "<plaintext>",
            "<!--",
            "<a href='x'>",
            " ",
            "<");
    return Arbitraries.oneOf(words, tags).list().ofMaxSize(20);
  }

  private static String withoutInvisibleCharacters(String text) {
    String normal =
        java.text.Normalizer.normalize(
            WellFormed.of(text).replace("\u200b", ""), java.text.Normalizer.Form.NFC);
    String spaced = normal.replaceAll("[ \n]+", " ").strip();
    return spaced.isEmpty() ? null : spaced;
  }
}
