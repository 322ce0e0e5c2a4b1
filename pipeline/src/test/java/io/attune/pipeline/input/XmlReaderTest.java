package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XmlReaderTest {
  @TempDir Path folder;

  @Test
  void itemsOfAFeedAreRecords() throws IOException {
    List<RawRecord> records =
        read(
            """
            <?xml version="1.0"?>
            <rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed</title>
            <item><title>Shares &amp; bonds</title><link href="http://a"/><dc:creator>Ann</dc:creator>
            <description><![CDATA[<b>Up</b>]]></description></item>
            <item id="7"><title>Down</title><body><p>One <em>two</em>.</p><p>Three.</p></body></item>
            </channel></rss>
            """,
            Set.of("title", "description", "dc:creator", "link.@href", "@id", "body.p", "body"));

    assertThat(records).hasSize(2);
    assertThat(records.get(0).fields())
        .containsEntry("title", "Shares & bonds")
        .containsEntry("description", "<b>Up</b>")
        .containsEntry("dc:creator", "Ann")
        .containsEntry("link.@href", "http://a");
    assertThat(records.get(0).line()).isEqualTo(3);
    assertThat(records.get(1).fields())
        .containsEntry("@id", "7")
        .containsEntry("body.p", "One two.\nThree.")
        .containsEntry("body", "One two.Three.");
  }

  @Test
  void externalEntitiesAreNotRead() throws IOException {
    Path secret = folder.resolve("secret.txt");
    Files.write(secret, "secret".getBytes(StandardCharsets.UTF_8));
    String document =
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"%s\"><!ENTITY y \"grown\">]><r><item><title>a&x;&y;b</title></item></r>"
            .formatted(secret.toUri());

    List<RawRecord> records = new ArrayList<>();
    try {
      records.addAll(read(document, Set.of("title")));
    } catch (Failure.BadInput refused) {
      assertThat(refused).hasMessageContaining("is not well-formed XML");
    }

    assertThat(records.toString()).doesNotContain("secret").doesNotContain("grown");
  }

  @Test
  void declaredEncodingIsRead() throws IOException {
    Path file = folder.resolve("a.xml");
    Files.write(
        file,
        "<?xml version='1.0' encoding='GB18030'?><r><item><title>好</title></item></r>"
            .getBytes(Charset.forName("GB18030")));

    assertThat(read(file, Set.of("title")).get(0).fields()).containsEntry("title", "好");
  }

  @Test
  void fileThatBreaksOffIsRefused() {
    assertThatThrownBy(() -> read("<r><item><title>a</title></item><item><tit", Set.of("title")))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.xml' is not well-formed XML behind its");
  }

  private List<RawRecord> read(String document, Set<String> wanted) throws IOException {
    Path file = folder.resolve("a.xml");
    Files.write(file, document.getBytes(StandardCharsets.UTF_8));
    return read(file, wanted);
  }

  private static List<RawRecord> read(Path file, Set<String> wanted) throws IOException {
    List<RawRecord> records = new ArrayList<>();
    try (XmlReader reader =
        XmlReader.open(file.toUri().toString(), "item", wanted, new Configuration())) {
      reader.forEachRemaining(records::add);
    }
    return records;
  }
}
