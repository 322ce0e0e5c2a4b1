package io.attune.pipeline;

import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.storage.Tables;
import io.attune.pipeline.storage.local.LocalFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Provides the one Spark session of the tests, and the context that a stage receives in them. */
public final class TestNight {
  public static final Run RUN = new Run("test", LocalDate.of(2026, 1, 2), 1);

  private TestNight() {}

  /**
   * Returns a session with two threads, two shuffle partitions and no web page, which stays open
   * until the JVM ends.
   */
  public static SparkSession spark() {
    SparkSession.Builder builder = SparkSession.builder();
    LocalFiles.SETTINGS.forEach((key, value) -> builder.config("spark.hadoop." + key, value));
    return builder
        .master("local[2]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.default.parallelism", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/attune-tests")
        .getOrCreate();
  }

  /** Returns a night below a local folder. */
  public static StageContext in(Path root) {
    Configuration configuration = new Configuration();
    LocalFiles.SETTINGS.forEach(configuration::set);
    return on(root.toUri().toString(), configuration);
  }

  /** Returns a night below a local folder whose warnings are added to a list. */
  public static StageContext listening(Path root, List<String> warnings) {
    StageContext night = in(root);
    return new StageContext(
        night.spark(),
        night.storage(),
        night.tables(),
        night.run(),
        night.recorder(),
        hearing(warnings));
  }

  /** Returns a progress that adds warnings to a list. */
  public static Progress hearing(List<String> warnings) {
    return new Progress() {
      @Override
      public void update(long done, long total, String note) {}

      @Override
      public void warn(String message) {
        warnings.add(message);
      }
    };
  }

  /** Returns a night below a root on any Hadoop file system. */
  public static StageContext on(String root, Configuration configuration) {
    Storage storage = Storage.at(root, configuration);
    Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    return new StageContext(
        spark(),
        storage,
        Tables.of(spark(), storage, RUN.task()),
        RUN,
        new Recorder(RUN.task(), RUN.id(), "0".repeat(64), clock),
        Progress.SILENT);
  }
}
