package io.attune.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.TestNight;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final String RUN = "2026-01-02.1";

  /** Coordinates with the task that writes late, which runs in this JVM. */
  private static final CountDownLatch BEGUN = new CountDownLatch(1);

  private static final CountDownLatch GO_ON = new CountDownLatch(1);

  @TempDir Path folder;
  private Storage storage;
  private Tables tables;

  @BeforeEach
  void openTables() {
    storage = Storage.at(folder.toUri().toString(), new Configuration());
    tables = Tables.of(TestNight.spark(), storage, "news");
  }

  @Test
  void rowsOfARunAreReplacedAndThoseOfOthersStay() {
    tables.replaceRun(Rejects.SCHEMA, "2026-01-01.1", rows("2026-01-01.1", "before"));
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "first"));
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "second"));

    assertThat(reasons()).containsExactlyInAnyOrder("before", "second");
  }

  @Test
  void aCopyOfARootIsRefusedAndTheOriginalKeepsItsFiles(@TempDir Path elsewhere)
      throws IOException {
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "first"));
    Path copy = elsewhere.resolve("copy");
    FileUtils.copyDirectory(folder.toFile(), copy.toFile());
    Tables copied =
        Tables.of(
            TestNight.spark(), Storage.at(copy.toUri().toString(), new Configuration()), "news");
    List<Path> before = files(folder);

    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> copied.read(Rejects.SCHEMA),
            () -> copied.snapshot(Rejects.SCHEMA),
            () -> copied.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "second")),
            () -> copied.removeRun(Rejects.SCHEMA, RUN))) {
      assertThatThrownBy(use)
          .isInstanceOf(Failure.BadInput.class)
          .hasMessageContaining(copy.resolve("tables/news/rejects").toString())
          .hasMessageContaining("was written in 'file:" + folder)
          .hasMessageContaining("the root was copied or moved");
    }
    assertThat(files(folder)).isEqualTo(before);
    assertThat(reasons()).containsExactly("first");
  }

  @Test
  void aRootThroughALinkIsTheSameRootAndNoFileOfItSeemsAbandoned(@TempDir Path elsewhere)
      throws IOException {
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "first"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder);
    Tables linked =
        Tables.of(
            TestNight.spark(), Storage.at(link.toUri().toString(), new Configuration()), "news");
    Path left = folder.resolve("tables/news/rejects/data/run=" + RUN + "/left.parquet");
    Files.writeString(left, "cut off");

    linked.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "second"));

    assertThat(reasons()).containsExactly("second");
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "third"));
    assertThat(reasons()).containsExactly("third");
    assertThat(left).exists();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void aColumnThatIsNewIsAddedAndNullInEarlierRows() {
    tables.replaceRun(Rejects.SCHEMA, "2026-01-01.1", rows("2026-01-01.1", "before"));
    long snapshot = tables.snapshot(Rejects.SCHEMA);
    TableSchema later =
        new TableSchema(
            Rejects.SCHEMA.name(),
            2,
            Rejects.SCHEMA.columns().add("parts", "array<struct<id:string,run:string>>"));

    assertThat(tables.read(later).select("parts").head().isNullAt(0)).isTrue();
    tables.replaceRun(
        later,
        RUN,
        rows(RUN, "new")
            .withColumn("parts", functions.expr("array(named_struct('id', 'a', 'run', 'b'))")));

    assertThat(tables.read(later).where("parts IS NOT NULL").count()).isEqualTo(1);
    assertThat(tables.read(later).count()).isEqualTo(2);
    assertThat(tables.readAt(later, snapshot).select("parts").collectAsList())
        .singleElement()
        .satisfies(row -> assertThat(row.isNullAt(0)).isTrue());
  }

  @Test
  void commitThatComesAfterAnotherProcesssIsRefused() throws Exception {
    tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "first"));
    Dataset<Row> slow =
        rows(RUN, "late").map((MapFunction<Row, Row>) TablesTest::awaitOther, encoder());
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(() -> tables.replaceRun(Rejects.SCHEMA, RUN, slow));
    BEGUN.await();
    Tables other = Tables.of(TestNight.spark(), storage, "news");
    other.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "other"));
    GO_ON.countDown();

    assertThatThrownBy(late::join).hasRootCauseInstanceOf(ValidationException.class);
    assertThat(reasons()).containsExactly("other");
  }

  @Test
  void processThatLostItsLockChangesNoTable() {
    try (RunLock lost = RunLock.acquire(storage, "news", RUN, Clock.systemUTC())) {
      tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "first"));
      storage.replace("runs/news/.lock", Json.pretty(holderElsewhere()));

      assertThatThrownBy(() -> tables.replaceRun(Rejects.SCHEMA, RUN, rows(RUN, "late")))
          .isInstanceOf(Failure.Busy.class);
      assertThatThrownBy(() -> tables.removeRun(Rejects.SCHEMA, RUN))
          .isInstanceOf(Failure.Busy.class);
    }
    assertThat(reasons()).containsExactly("first");
  }

  private static RunLock.Holder holderElsewhere() {
    return new RunLock.Holder("other", "elsewhere", 1, null, RUN, "2026-01-02T03:00:00Z", "");
  }

  private static Row awaitOther(Row row) throws InterruptedException {
    BEGUN.countDown();
    GO_ON.await();
    return row;
  }

  private static Encoder<Row> encoder() {
    return Encoders.row(Rejects.SCHEMA.columns());
  }

  private static Dataset<Row> rows(String run, String reason) {
    Row row = RowFactory.create(run, "ingest", "c", "f", 1L, null, reason, "", "");
    return TestNight.spark().createDataFrame(List.of(row), Rejects.SCHEMA.columns());
  }

  private List<String> reasons() {
    return tables.read(Rejects.SCHEMA).select(Rejects.REASON).as(Encoders.STRING()).collectAsList();
  }
}
