package io.attune.pipeline.input.xml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XmlOutlineTest {
  @Test
  void itemsOfAFeedAreItsRecords() {
    XmlOutline outline =
        XmlOutline.of(
            """
            <?xml version="1.0"?>
            <rss version="2.0"><channel><title>Wire</title><link>https://a.example</link>
            <item id="1"><title>One</title><source url="https://b.example">B</source>
              <body><p>First.</p><p>Second.</p></body></item>
            <item id="2"><title>Two &unknown;</title><media><thumb href="x"/><credit>C</credit></media></item>
            </channel></rss>
            """);

    assertThat(outline.record()).contains("item");
    assertThat(outline.columns())
        .containsExactly(
            "@id",
            "title",
            "source",
            "source.@url",
            "body",
            "media.thumb",
            "media.thumb.@href",
            "media.credit");
    assertThat(outline.fault()).isEmpty();
  }

  @Test
  void entriesWithMostOfTheTextAreRecordsNotLinks() {
    XmlOutline outline =
        XmlOutline.of(
            "<feed><link href='a'/><link href='b'/><entry><title>A long enough title</title></entry>"
                + "<entry><title>Another one</title></entry></feed>");

    assertThat(outline.record()).contains("entry");
    assertThat(outline.columns()).containsExactly("title");
  }

  @Test
  void oneRecordIsToldByItsName() {
    assertThat(XmlOutline.of("<r><row><text>Fine</text></row></r>").record()).contains("row");
    assertThat(XmlOutline.of("<r><a>Fine</a></r>").record()).isEmpty();
  }

  @Test
  void textThatIsCutIsTold() {
    String items = "<r>\n" + "<item><t>One</t></item>\n".repeat(3);

    assertThat(XmlOutline.of(items + "<item><t>Tw").isCut()).isTrue();
    assertThat(XmlOutline.of(items + "<item><t>Tw").record()).contains("item");
    assertThat(XmlOutline.of("<r>\n<item>&#5;</item>\n" + items + "</r>").isCut()).isFalse();
  }

  @Test
  void entitiesThatGrowAreNotRead() {
    XmlOutline outline =
        XmlOutline.of(
            "<!DOCTYPE r [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;\">]>"
                + "<r><item><t>&b;</t></item><item><t>Two</t></item></r>");

    assertThat(outline.record()).contains("item");
  }
}
