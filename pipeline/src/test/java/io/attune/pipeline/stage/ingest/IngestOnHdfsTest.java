package io.attune.pipeline.stage.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.storage.InProcessHdfs;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingests from and to an HDFS, whose rules of listing and renaming differ. */
class IngestOnHdfsTest {
  private static final LabelSets LABELS =
      new LabelSets(List.of(new LabelSets.Head("mood", List.of("negative", "positive"))));

  @TempDir Path folder;

  @Test
  void runThatWasKilledBetweenItsWritesIsTheSameAfterwards() throws IOException {
    try (InProcessHdfs hdfs = new InProcessHdfs(folder.resolve("hdfs"))) {
      String in = hdfs.root() + "-in";
      write(hdfs, in + "/mood=positive/a.csv", "id,text\n1,Fine\n2,\n");
      write(hdfs, in + "/mood=negative/b[1].csv", "id,text\n3,Bad\n");
      write(hdfs, in + "/mood=negative/_SUCCESS", "");
      StringBuilder lines = new StringBuilder();
      for (int i = 10; i < 200; i++) {
        lines.append("{\"id\": %d, \"text\": \"%s\"}\n".formatted(i, "word ".repeat(i)));
      }
      write(hdfs, in + "/mood=positive/c.jsonl", lines.toString());
      StageContext night = TestNight.on(hdfs.root(), hdfs.configuration());
      Corpus.Columns columns =
          new Corpus.Columns(
              "id", null, "text", null, null, null, Map.of("mood", "mood"), List.of());
      IngestConfig config =
          new IngestConfig(
              List.of(
                  new Corpus("c", in, Format.AUTO, null, null, null, null, null, columns, null)),
              0.5,
              0.05,
              100,
              20_000,
              IngestConfig.WhenChanged.REPLACE);

      ingest(night, config, hdfs);
      List<Row> documents = rows(night, true);
      List<Row> rejects = rows(night, false);
      night.artefacts().retire(Intake.folder(night.run()));
      night.tables().removeRun(Rejects.SCHEMA, night.run().id());
      ingest(night, config, hdfs);

      assertThat(documents).hasSize(192);
      assertThat(rejects).hasSize(1);
      assertThat(rows(night, true)).isEqualTo(documents);
      assertThat(rows(night, false)).isEqualTo(rejects);
    }
  }

  private static void ingest(StageContext night, IngestConfig config, InProcessHdfs hdfs) {
    Inputs inputs =
        Inputs.pending(config, night.storage(), night.run().task(), hdfs.configuration());
    Ingest.run(night, config, LABELS, inputs.files());
  }

  private static List<Row> rows(StageContext night, boolean documents) {
    return night
        .tables()
        .read(documents ? Documents.SCHEMA : Rejects.SCHEMA)
        .orderBy("file", "line")
        .collectAsList();
  }

  private static void write(InProcessHdfs hdfs, String path, String content) throws IOException {
    try (OutputStream out = hdfs.files().create(new org.apache.hadoop.fs.Path(path))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }
}
