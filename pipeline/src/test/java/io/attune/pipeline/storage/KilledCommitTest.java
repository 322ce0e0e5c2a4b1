package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import io.attune.schemas.table.Rejects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledCommitTest {
  private static final String RUN = "2026-01-02.1";

  @TempDir Path folder;

  @AfterEach
  void heal() {
    FaultyFiles.allow(Integer.MAX_VALUE);
  }

  @Test
  void aCommitThatIsCutOffAndDoneAgainLeavesItsRowsAndNoOtherFiles() throws IOException {
    Configuration configuration = TestNight.spark().sparkContext().hadoopConfiguration();
    FaultyFiles.register(configuration);
    Storage storage = Storage.at("faulty://" + folder, configuration);
    Tables tables = Tables.of(TestNight.spark(), storage, "news");
    tables.replaceRun(Rejects.SCHEMA, "2026-01-01.1", rows("2026-01-01.1", "before"));
    int changes = 1;
    for (; !isDoneWithin(changes, tables); changes += 2) { // every second place: each takes seconds

      tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "again " + changes));

      assertThat(reasons(tables)).containsExactlyInAnyOrder("before", "again " + changes);
      assertThat(files()).isEqualTo(known(configuration));
    }
    assertThat(changes).isBetween(5, 40);
    assertThat(reasons(tables)).containsExactlyInAnyOrder("before", "killed");
  }

  /** Replaces the rows of the run with a number of changes to files; returns whether it could. */
  private static boolean isDoneWithin(int changes, Tables tables) {
    FaultyFiles.allow(changes);
    try {
      tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "killed"));
      return true;
    } catch (Exception e) { // Spark throws undeclared checked exceptions
      assertThat(e).hasStackTraceContaining("killed");
      return false;
    } finally {
      FaultyFiles.allow(Integer.MAX_VALUE);
    }
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> found = Files.walk(folder.resolve("tables"))) {
      return found
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Returns the files that the table or one of its snapshots needs. */
  private Set<String> known(Configuration configuration) throws IOException {
    Table table =
        new HadoopTables(configuration).load("faulty://" + folder + "/tables/news/rejects");
    Set<String> known = new TreeSet<>(ReachableFileUtil.metadataFileLocations(table, true));
    known.add(ReachableFileUtil.versionHintLocation(table));
    known.addAll(ReachableFileUtil.manifestListLocations(table));
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        known.add(manifest.path());
        try (CloseableIterable<DataFile> files = ManifestFiles.read(manifest, table.io())) {
          files.forEach(file -> known.add(file.location()));
        }
      }
    }
    return known.stream()
        .map(file -> new org.apache.hadoop.fs.Path(file).toUri().getPath())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Dataset<Row> rows(String run, String reason) {
    Row row = RowFactory.create(run, "ingest", "c", "f", 1L, null, reason, "", "");
    return TestNight.spark().createDataFrame(List.of(row), Rejects.SCHEMA.columns());
  }

  private static List<String> reasons(Tables tables) {
    return tables.read(Rejects.SCHEMA).select(Rejects.REASON).as(Encoders.STRING()).collectAsList();
  }
}
