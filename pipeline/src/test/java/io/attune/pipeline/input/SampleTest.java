package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
  @TempDir Path folder;

  private Sample sample(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Sample.of(file.toString(), new Configuration(), 100).requireRecords(file.toString());
  }

  private static String rows(int count, String format) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(String.format(java.util.Locale.ROOT, format, i)).append('\n');
    }
    return rows.toString();
  }

  @Test
  void fileThatIsSortedByLabelShowsAllClasses() throws IOException {
    String text = "id,text,label\n" + rows(3000, "%d,A text.,bad") + rows(2000, "%d,A text.,good");

    Sample sample = sample("a.csv", text);

    assertThat(sample.read()).isEqualTo(5000);
    assertThat(sample.values().get("label").counts())
        .isEqualTo(Map.of("bad", 3000L, "good", 2000L));
    assertThat(sample.values().get("id").complete()).isFalse();
    assertThat(sample.records()).hasSize(100);
    assertThat(
            sample.records().stream().filter(record -> "good".equals(record.get("label"))).count())
        .isBetween(20L, 60L);
    assertThat(sample).isEqualTo(sample("a.csv", text));
  }

  @Test
  void delimiterIsTheOneWithWhichRecordsAgree() throws IOException {
    Sample open =
        sample(
            "a.csv",
            "id,text,label\n50,\"An open one; with a sign,x\n" + rows(300, "%d,So; so.,y"));
    assertThat(open.layout().delimiter()).isEqualTo(",");
    assertThat(open.faulty()).isEqualTo(1);
    assertThat(open.faults().get(0).line()).isEqualTo(2);

    assertThat(
            sample("b.csv", "id;text;n\n" + rows(50, "%d;Well, so, so;5,0")).layout().delimiter())
        .isEqualTo(";");
    assertThat(sample("c.txt", "id\ttext\n" + rows(50, "%d\tWell, so")).columns())
        .containsExactly("id", "text");
    Sample named = sample("d.csv", "sep=;\nid;text\n" + rows(50, "%d;Well, so"));
    assertThat(named.columns()).containsExactly("id", "text");
    assertThat(named.layout().delimiter()).isEqualTo(";");
  }

  @Test
  void wayOfQuotingIsTheOneWithWhichRecordsAgree() throws IOException {
    Sample sample = sample("a.csv", "id,text\n" + rows(40, "%d,\"He said \\\"no\\\", and left\""));
    assertThat(sample.layout().escape()).isEqualTo("\\");
    assertThat(sample.records().get(0)).containsEntry("text", "He said \"no\", and left");

    assertThat(
            sample("b.csv", "id,text\n" + rows(40, "%d,\"He said \"\"no\"\", so\""))
                .layout()
                .escape())
        .isNull();
    assertThat(sample("c.csv", "id,text\n" + rows(40, "%d,'Well, so'")).layout().quote())
        .isEqualTo("'");
    assertThat(sample("d.csv", "id;text\n" + rows(40, "%d;\"Well so")).layout().quote()).isEmpty();
  }

  @Test
  void tsvWithQuotesAroundItsValuesIsReadWithThem() throws IOException {
    Sample quoted = sample("a.tsv", "id\ttext\n" + rows(40, "%d\t\"Well, so\""));
    assertThat(quoted.layout().quote()).isEqualTo("\"");
    assertThat(quoted.records().get(0)).containsEntry("text", "Well, so");

    assertThat(sample("b.tsv", "id\ttext\n" + rows(40, "%d\tWell, \"so")).layout().quote())
        .isNull();
  }

  @Test
  void headerThatHoldsValuesIsNone() throws IOException {
    Sample none = sample("a.csv", rows(60, "4,%d,It is a text of row and so on"));
    assertThat(none.layout().header()).isFalse();
    assertThat(none.read()).isEqualTo(60);
    assertThat(none.columns()).containsExactly("1", "2", "3");
    assertThat(none.remarks()).anyMatch(remark -> remark.contains("no header"));

    Sample texts = sample("b.csv", rows(60, "Row %d is a text of some words and so on,good"));
    assertThat(texts.layout().header()).isFalse();

    assertThat(sample("c.csv", "id,text,label\n" + rows(60, "%d,A text,good")).layout().header())
        .isTrue();
  }

  @Test
  void formatIsToldByTheContent() throws IOException {
    assertThat(sample("a.csv", rows(20, "{\"id\": %d}")).layout().format()).isEqualTo(Format.JSONL);
    assertThat(sample("b.data", "[\n" + rows(20, "{\"id\": %d},") + "{}]").read()).isEqualTo(21);
  }

  @Test
  void unusualDelimiterThatDividesEveryRecordIsFoundAndAskedAbout() throws IOException {
    String sentences =
        rows(20, "Sales rose in June, the firm no. %d said .@positive")
            + rows(20, "Sales of no. %d rose, again, in July .@positive");
    Sample at = sample("a.txt", sentences);

    assertThat(at.layout().delimiter()).isEqualTo("@");
    assertThat(at.layout().header()).isFalse();
    assertThat(at.values().get("2").counts()).isEqualTo(Map.of("positive", 40L));
    assertThat(at.remarks())
        .anyMatch(remark -> remark.contains("'@'") && remark.contains("next-best"));
    assertThat(sample("b.txt", sentences.replace('@', '\u0001')).layout().delimiter())
        .isEqualTo("\u0001");
  }

  @Test
  void signsOfSentencesAreNoDelimiters() throws IOException {
    Sample sentences = sample("a.txt", rows(40, "Sales rose (again): number %d!"));

    assertThat(sentences.columns()).hasSize(1);
    Sample mentions = sample("b.csv", "id,text\n" + rows(40, "%d,thanks @ann"));
    assertThat(mentions.layout().delimiter()).isEqualTo(",");
  }

  @Test
  void itemsOfXmlAreSampledByTheirElement() throws IOException {
    Sample sample =
        sample(
            "feed.xml",
            "<rss><channel><title>Wire</title>"
                + rows(
                    30, "<item><guid>g%d</guid><description>Fine &amp; well</description></item>")
                + "</channel></rss>");

    assertThat(sample.layout().format()).isEqualTo(Format.XML);
    assertThat(sample.record()).isEqualTo("item");
    assertThat(sample.columns()).containsExactly("guid", "description");
    assertThat(sample.read()).isEqualTo(30);
    assertThat(sample.values().get("description").counts()).isEqualTo(Map.of("Fine & well", 30L));
  }

  @Test
  void recordsOfAvroAreSampled() throws IOException {
    Schema schema =
        SchemaBuilder.record("Post")
            .fields()
            .requiredString("text")
            .name("user")
            .type(SchemaBuilder.record("User").fields().requiredString("name").endRecord())
            .noDefault()
            .endRecord();
    Path file = folder.resolve("posts.data");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
      for (int i = 0; i < 25; i++) {
        GenericData.Record user = new GenericData.Record(schema.getField("user").schema());
        user.put("name", "Ann");
        GenericData.Record post = new GenericData.Record(schema);
        post.put("text", "Number " + i);
        post.put("user", user);
        writer.append(post);
      }
    }

    Sample sample = Sample.of(file.toString(), new Configuration(), 10);

    assertThat(sample.layout().format()).isEqualTo(Format.AVRO);
    assertThat(sample.columns()).containsExactly("text", "user", "user.name");
    assertThat(sample.read()).isEqualTo(25);
    assertThat(sample.values().get("user.name").counts()).isEqualTo(Map.of("Ann", 25L));
    assertThat(sample.remarks().get(0)).contains("AVRO, as its content says");
  }

  @Test
  void whatIsNoTableIsRefusedWithWhatItIsAndWhatToDo() {
    String sgml = "<!DOCTYPE news SYSTEM \"news.dtd\">\n<ITEM ID=1><BODY>One &#3;</BODY></ITEM>\n";
    assertThatThrownBy(() -> sample("a.sgm", sgml.repeat(2)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.sgm' is SGML")
        .hasMessageContaining("write its records as JSON Lines");
    assertThatThrownBy(
            () -> sample("a.csv", "<!doctype html>\n<html><body><p>Sign in<br></body></html>"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a web page");
    assertThatThrownBy(() -> sample("a.xlsx", "PK\u0003\u0004 xl/workbook.xml"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is an Excel workbook: save its sheet as CSV");
    assertThatThrownBy(() -> sample("a.csv", "\0".repeat(5000)))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("is a binary file: 5,000 of its first 5,000 characters");
  }

  @Test
  void zeroInATextDoesNotMakeItBinary() throws IOException {
    Sample sample = sample("a.csv", "text,label\nA\0b,good\n" + rows(30, "Number %d,good"));

    assertThat(sample.read()).isEqualTo(31);
    assertThat(sample.faults()).singleElement().extracting(RawRecord::line).isEqualTo(2L);
  }

  @Test
  void linesBeforeTheHeaderAreToldByTheirNumberOfValues() throws IOException {
    String table = "id;text;label\n" + rows(30, "%d;A text, of two parts;good");

    for (String before :
        List.of("Export of reviews\n", "# made 2025-01-01\n# by a tool\n\n", "a;b\n")) {
      Sample sample = sample("a.csv", before + table);

      assertThat(sample.layout().skipLines()).isEqualTo((int) before.strip().lines().count());
      assertThat(sample.columns()).containsExactly("id", "text", "label");
      assertThat(sample.read()).isEqualTo(30);
      assertThat(sample.faulty()).isZero();
      assertThat(sample.remarks()).anyMatch(remark -> remark.contains("skip-lines"));
    }
    assertThat(sample("b.csv", table).layout().skipLines()).isZero();
  }

  @Test
  void titleThatIsPaddedWithDelimitersIsNoHeader() throws IOException {
    String table = "id,text,label\n" + rows(30, "%d,A text,good");

    assertThat(sample("a.csv", "Survey,,\n" + table).layout().skipLines()).isEqualTo(1);
    Sample sample = sample("a.csv", "Survey,,\nmade 2025-01-01,,\n,,\n" + table);
    assertThat(sample.layout().skipLines()).isEqualTo(3);
    assertThat(sample.columns()).containsExactly("id", "text", "label");
    assertThat(sample.remarks()).anyMatch(remark -> remark.contains("they are a title"));
    assertThat(sample("b.csv", ",text\n" + rows(30, "%d,A text")).layout().skipLines()).isZero();
    assertThat(sample("b.csv", "text,\n" + rows(30, "A text %d,good")).layout().skipLines())
        .isZero();
  }

  @Test
  void arrayThatIsCutOffIsRefused() {
    String array = "[" + rows(30, "{\"id\": %d, \"text\": \"A\"},");

    for (String cut : List.of(array, array + "{\"id\": 31, \"te", array + "{\"id\": 31}")) {
      assertThatThrownBy(() -> sample("a.json", cut))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("the JSON array that begins in line 1 is not closed");
    }
  }

  @Test
  void arrayWhoseLastObjectIsDamagedIsRead() throws IOException {
    String array = "[" + rows(30, "{\"id\": %d, \"text\": \"A\"},") + "{\"id\": x}]";

    assertThat(sample("a.json", array).read()).isGreaterThan(30);
  }

  @Test
  void headerThatLacksANameIsNotRead() throws IOException {
    Sample sample = sample("a.csv", "text,label\n" + rows(30, "%d,A text,good"));

    assertThat(sample.read()).isEqualTo(30);
    assertThat(sample.columns()).containsExactly("1", "2", "3");
  }

  @Test
  void objectOfColumnsIsRefused() {
    for (String json :
        List.of("{\"data\": [{\"text\": \"A\"}]}", "{\"text\": {\"0\": \"A\", \"1\": \"B\"}}")) {
      assertThatThrownBy(() -> sample("a.json", json))
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining("is one JSON object, and a record is one");
    }
  }

  @Test
  void csvMayBeginWithAnAngleBracket() throws IOException {
    Sample sample = sample("a.csv", "<p>text,label\n" + rows(20, "<p>Fine %d</p>,good"));

    assertThat(sample.layout().format()).isEqualTo(Format.CSV);
    assertThat(sample.read()).isEqualTo(20);
  }

  @Test
  void nestedColumnsAreMarkedAndTheirValuesListed() throws IOException {
    Sample sample =
        sample(
            "a.jsonl", rows(20, "{\"id\": %d, \"user\": {\"name\": \"Ann\"}, \"tags\": [\"x\"]}"));

    assertThat(sample.columns()).containsExactly("id", "user", "user.name", "tags", "tags[0]");
    assertThat(sample.values().get("user").nested()).isEqualTo(20);
    assertThat(sample.values().get("user.name").counts()).isEqualTo(Map.of("Ann", 20L));
  }

  @Test
  void fileWithoutRecordsIsRefusedWithTheFirstFault() {
    assertThatThrownBy(() -> sample("a.jsonl", "no JSON\nat all\n"))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("holds no record that can be read as JSONL: in line 1");
    assertThatThrownBy(() -> sample("b.csv", ""))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("b.csv' is empty");
    assertThatThrownBy(() -> Sample.of(folder.resolve("c.csv").toString(), new Configuration(), 9))
        .isInstanceOf(Failure.BadInput.class);
  }
}
