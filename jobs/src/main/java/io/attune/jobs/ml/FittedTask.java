package io.attune.jobs.ml;

import static org.apache.spark.sql.functions.col;

import io.attune.jobs.config.NightConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightLog;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Makes a task of a table, and trains its model.
 *
 * @param name opens the name of the task
 * @param settings keys of its configuration with their values
 */
record FittedTask(String root, String name, List<String> settings) {
  private static final String TEXT = "text";

  /** Limits the classes of a head; more are no classes. */
  private static final int MOST_CLASSES = 1_000;

  private static final int ID_CHARACTERS = 8;

  /**
   * Trains a model.
   *
   * @param heads columns of labels
   * @return the folder of its bundle
   */
  String train(Dataset<Row> rows, String text, List<String> heads) {
    Configuration hadoop = rows.sparkSession().sessionState().newHadoopConf();
    Storage storage = Storage.at(root, hadoop);
    storage.requireWritable();
    String task = name + "-" + UUID.randomUUID().toString().substring(0, ID_CHARACTERS);
    String table = storage.resolve("inputs/" + task).toString();
    List<Column> columns = new ArrayList<>(List.of(named(text).cast("string").as(TEXT)));
    Map<String, Object> classes = new LinkedHashMap<>();
    Map<String, String> labels = new LinkedHashMap<>();
    for (int head = 0; head < heads.size(); head++) {
      String column = "label" + head;
      columns.add(named(heads.get(head)).cast("string").as(column));
      classes.put(heads.get(head), classes(rows, heads.get(head)));
      labels.put(heads.get(head), column);
    }
    rows.select(columns.toArray(Column[]::new)).write().parquet(table);
    Map<String, Object> corpus =
        Map.of(
            "name",
            "rows",
            "path",
            table,
            "format",
            "parquet",
            "columns",
            Map.of(TEXT, TEXT, "labels", labels));
    NightConfig config =
        config(
            Map.of(
                "task",
                task,
                "root",
                storage.root().toString(),
                "heads",
                classes,
                "corpora",
                List.of(corpus)));
    Clock clock = Clock.systemUTC();
    try (Nights nights = new Nights(config, hadoop, silent(clock), clock, new NightLog())) {
      Run run =
          nights
              .runForced(
                  LocalDate.now(clock.withZone(ZoneOffset.UTC)),
                  new Span(Stage.INGEST, Stage.TRAIN))
              .get(0);
      return storage.resolve(run.model()).toString();
    }
  }

  private static List<String> classes(Dataset<Row> rows, String column) {
    List<String> found =
        rows
            .select(named(column).cast("string").as("label"))
            .where(col("label").isNotNull())
            .distinct()
            .limit(MOST_CLASSES + 1)
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .sorted()
            .toList();
    if (found.size() < 2 || found.size() > MOST_CLASSES) {
      throw new Failure.BadInput(
          "Column '%s' of labels has %s; a head has from 2 to %,d classes",
          column,
          found.size() > MOST_CLASSES ? "more than " + MOST_CLASSES + " values" : "values " + found,
          MOST_CLASSES);
    }
    return found;
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  /** Reads a configuration, as JSON, which is YAML. */
  private NightConfig config(Map<String, Object> values) {
    try {
      Path file = Files.createTempFile("attune", ".yaml");
      try {
        Files.writeString(file, new String(Json.pretty(values), StandardCharsets.UTF_8));
        return NightConfig.load(file, settings);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Console silent(Clock clock) {
    return new Console(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
        false,
        clock);
  }
}
