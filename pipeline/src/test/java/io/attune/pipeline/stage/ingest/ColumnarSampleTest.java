package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.TestNight;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.Sample;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnarSampleTest {
  @TempDir Path folder;

  @Test
  void columnsOfParquetAreSampledButForTypesThatCannotBeRead() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary text (UTF8); required binary mood (UTF8);"
                + " optional int64 seen (TIMESTAMP(NANOS,true));"
                + " optional fixed_len_byte_array(12) gap (INTERVAL); }");
    Path file = folder.resolve("reviews[1].parquet");
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withConf(new Configuration())
            .build()) {
      for (int i = 0; i < 30; i++) {
        var group = new SimpleGroupFactory(schema).newGroup();
        group.append("text", "Text " + i).append("mood", "positive");
        writer.write(group.append("seen", 1_735_689_600_123_456_789L));
      }
    }

    Sample sample = sample(file, Format.PARQUET);

    assertThat(sample.layout().format()).isEqualTo(Format.PARQUET);
    assertThat(sample.columns()).containsExactly("text", "mood", "seen");
    assertThat(sample.remarks()).containsExactly("columns of types that cannot be read: 'gap'");
    assertThat(sample.records()).hasSize(10);
    assertThat(sample.values().get("mood").counts()).isEqualTo(Map.of("positive", 30L));
    assertThat(sample.records().get(0)).containsEntry("seen", "2025-01-01T00:00:00.123456789Z");
  }

  @Test
  void nestedColumnsOfOrcAreSampled() throws IOException {
    Path path = folder.resolve("orc");
    TestNight.spark()
        .sql(
            "SELECT named_struct('name', concat('n', id)) AS user, 'Fine' AS text"
                + " FROM range(0, 9, 1, 1)")
        .write()
        .orc(path.toString());
    Path file;
    try (var files = Files.list(path)) {
      file = files.filter(each -> each.toString().endsWith(".orc")).findFirst().orElseThrow();
    }

    Sample sample = sample(file, Format.ORC);

    assertThat(sample.columns()).containsExactly("user", "user.name", "text");
    assertThat(sample.records().get(3)).containsEntry("user.name", "n3");
  }

  @Test
  void brokenFileIsRefusedByItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1 is how it begins");

    assertThatThrownBy(() -> sample(file, Format.PARQUET))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("a.parquet");
  }

  private static Sample sample(Path file, Format format) {
    return ColumnarSample.of(file.toString(), format, TestNight.spark(), 10);
  }
}
