package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.CleanRows;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.advice.AdviceConfig;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.JavaConverters;

/** Fills the tables of nights with documents and the answers to them. */
final class MoodNights {
  static final String MODEL = "2026-01-01.1";
  static final MonitorConfig CONFIG = config("");

  private final StageContext context;
  private CleanRows documents = new CleanRows();
  private List<Row> scores = new ArrayList<>();
  private int number;
  private String model = MODEL;

  MoodNights(Path root, LocalDate date) {
    StageContext night = TestNight.in(root);
    Run run = new Run("test", date, 1);
    this.context =
        new StageContext(
            night.spark(),
            night.storage(),
            night.tables(),
            run,
            new Recorder(run.task(), run.id(), "0".repeat(64), night.recorder().clock()),
            night.progress());
  }

  static MonitorConfig config(String annotations) {
    return new MonitorConfig(
        true,
        new MonitorConfig.Heads("auto", List.of("auto"), "auto"),
        new MonitorConfig.Entities(List.of("ticker"), " ,;", 4),
        new MonitorConfig.Days("UTC", 7, 400, 30),
        new MonitorConfig.Surges(5, 0.01, 0.1, 365, 3, 7, annotations, ""),
        3,
        new AdviceConfig(28, 0, 5, Map.of("mood", "label")));
  }

  /** Lets another model read what is added from now on. */
  MoodNights by(String another) {
    model = another;
    return this;
  }

  StageContext context() {
    return context;
  }

  /** Adds documents of a day, the first of them negative. */
  MoodNights day(LocalDate day, int documents, int negative) {
    for (int i = 0; i < documents; i++) {
      boolean isNegative = i < negative;
      add(
          day,
          isNegative,
          Map.of(
              "topic",
              i % 2 == 0 ? "finance" : "phones",
              Documents.SOURCE,
              i % 3 == 0 ? "Northwire" : "Tape",
              "ticker",
              i % 4 == 0 ? "NVL" : "HLX PLX"));
    }
    return this;
  }

  /** Adds one document; {@code fields} may name its topic, its ticker and columns of the table. */
  MoodNights add(LocalDate day, boolean isNegative, Map<String, ?> fields) {
    String id = "d" + context.run().date() + "-" + number++;
    Map<String, Object> columns = new HashMap<>(fields);
    Object topic = columns.remove("topic");
    Object ticker = columns.remove("ticker");
    columns.putIfAbsent(Documents.RUN, context.run().id());
    columns.putIfAbsent(Documents.TITLE, (isNegative ? "bad news " : "good news ") + number);
    if (day != null) {
      columns.putIfAbsent(
          Documents.PUBLISHED_AT, Instant.parse(day + "T12:00:00Z").plusSeconds(number));
    }
    if (ticker != null) {
      columns.put(
          Documents.EXTRA, JavaConverters.mapAsScalaMap(Map.of("ticker", ticker.toString())));
    }
    documents.add(id, columns);
    score(id, model, isNegative, topic == null ? "finance" : topic.toString());
    return this;
  }

  /** Adds the answer of a model to a document, later than those before. */
  MoodNights score(String id, String model, boolean isNegative, String topic) {
    Timestamp at =
        Timestamp.from(
            Instant.parse(context.run().date() + "T00:00:00Z").plusSeconds(scores.size()));
    Map<String, Float> mood =
        isNegative
            ? Map.of("negative", 0.9f, "neutral", 0.06f, "positive", 0.04f)
            : Map.of("negative", 0.2f, "neutral", 0.7f, "positive", 0.1f);
    String label = isNegative ? "negative" : "neutral";
    scores.add(row(id, "mood", label, mood, model, at));
    scores.add(row(id, "topic", topic, Map.of(topic, 1f), model, at));
    return this;
  }

  private Row row(
      String id, String head, String label, Map<String, Float> of, String model, Timestamp at) {
    return RowFactory.create(
        id,
        head,
        label,
        JavaConverters.mapAsScalaMap(of),
        model,
        context.run().id(),
        at,
        "hash of " + id);
  }

  /** Writes the documents and answers of the night. */
  MoodNights write() {
    String run = context.run().id();
    context.tables().replaceRun(CleanDocuments.SCHEMA, run, documents.table());
    context
        .tables()
        .replaceRun(
            Scores.SCHEMA, run, TestNight.spark().createDataFrame(scores, Scores.SCHEMA.columns()));
    return this;
  }
}
