package io.attune.pipeline.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
  @TempDir Path folder;

  private Sample sample(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Sample.of(file.toString(), new Configuration(), 100);
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
