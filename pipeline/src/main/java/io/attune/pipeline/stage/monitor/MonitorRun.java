package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.monitor.SeriesCounts.Controls;
import io.attune.pipeline.stage.monitor.Stories.Answer;
import io.attune.pipeline.stage.monitor.Stories.Question;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.Mood.LeftOut;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Scores;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Runs the stage once: from tables to counts, from counts to alerts, from both to what is shown.
 */
final class MonitorRun {
  /** Days by whose documents the most frequent series are found. */
  private static final int RECENT = 28;

  private final StageContext context;
  private final MonitorConfig config;
  private final Run run;
  private final StageInputs inputs;
  private final MoodFiles files;

  MonitorRun(StageContext context, MonitorConfig config) {
    this.context = context;
    this.config = config;
    this.run = context.run();
    this.inputs = context.inputs(Stage.MONITOR);
    this.files = new MoodFiles(context, inputs);
  }

  StageResult result() {
    Optional<String> version = CurrentModel.of(context.storage(), run.task()).version();
    if (version.isEmpty()) {
      return files.nothing("No model is in use yet, so no document was read.", null, null);
    }
    String model = version.get();
    LabelSets labels = inputs.open("model", path(model)).json(ModelBundle.LABELS, LabelSets.class);
    MoodHeads heads = MoodHeads.of(labels, config.heads());
    Mood.Asked asked = asked(heads);
    if (heads.sentiment().isEmpty() && heads.topic().isEmpty()) {
      return files.nothing(heads.note(), model, asked);
    }
    Tables tables = context.tables();
    if (!hasRows(tables)) {
      return files.nothing("No document has been scored yet.", model, asked);
    }
    try (Scratch scratch = new Scratch()) {
      return counted(scratch, model, heads, asked);
    }
  }

  private static boolean hasRows(Tables tables) {
    return tables.exists(Scores.SCHEMA)
        && tables.snapshot(Scores.SCHEMA) != 0
        && tables.exists(CleanDocuments.SCHEMA)
        && tables.snapshot(CleanDocuments.SCHEMA) != 0;
  }

  private Mood.Asked asked(MoodHeads heads) {
    return new Mood.Asked(
        config.days().zone(),
        heads.sentiment().orElse(null),
        heads.negative(),
        heads.topic().orElse(null),
        config.entities().columns());
  }

  private String path(String model) {
    return Run.modelOf(run.task(), model);
  }

  private StageResult counted(Scratch scratch, String model, MoodHeads heads, Mood.Asked asked) {
    Tables tables = context.tables();
    Dataset<Row> clean =
        tables.readAt(CleanDocuments.SCHEMA, inputs.snapshot(CleanDocuments.SCHEMA));
    Dataset<Row> scores = tables.readAt(Scores.SCHEMA, inputs.snapshot(Scores.SCHEMA));
    Readings.Wanted wanted =
        new Readings.Wanted(heads, config.entities().columns(), config.days().zone(), model);
    Dataset<Row> readings =
        context.describe(
            "monitor: join documents with answers",
            () -> scratch.keep(Readings.of(clean, scores, wanted)));
    Optional<TrendRows.Judged> judged = TrendRows.before(tables, run);
    Today today = Today.of(readings, run, judged, config.days());
    if (today.isEmpty()) {
      return files.nothing("No document that a model has read has a date.", model, asked);
    }
    Dataset<Row> past = today.past(readings);
    Models models =
        context.describe(
            "monitor: find the model that read the past",
            () -> Models.of(context.storage(), run.task(), model).comparedOver(past));
    Dataset<Row> clusters =
        context.describe(
            "monitor: find the first of copies",
            () ->
                scratch.keepOnDisk(
                    SeriesRows.clusters(today.counted(readings), config.entities().separators())));
    Dataset<Row> daily = scratch.keep(SeriesRows.daily(clusters, model));
    Dataset<Row> ranked =
        scratch.keep(SeriesRows.ranked(daily, today.last().minusDays(RECENT - 1L)));
    List<KnownAlert> earlier = AlertRows.before(tables, run);
    Column isFollowed =
        SeriesRows.isAmong(config.entities().most(), standing(earlier, today.since()));
    Dataset<Row> keys = ranked.where(isFollowed).select(SeriesRows.KIND, SeriesRows.NAME);
    Dataset<Row> followed =
        scratch.keep(
            daily.join(
                broadcast(keys), ColumnNames.of(SeriesRows.KIND, SeriesRows.NAME), "left_semi"));
    Corrections errors = Corrections.of(inputs, context.artefacts(), heads, models.versions());
    context.describe(
        "monitor: write trends",
        () -> {
          TrendRows.write(
              context, TrendRows.of(followed, heads, model, errors), keys, today.first());
          return null;
        });
    List<SeriesCounts> series =
        context.describe(
            "monitor: collect daily counts",
            () ->
                SeriesCounts.of(
                    followed.collectAsList(), today.last(), controls(past, keys, models)));
    SurgeSearch.Result surges =
        heads.sentiment().isEmpty()
            ? SurgeSearch.Result.NONE
            : context.describe(
                "monitor: judge days",
                () -> search(clusters, series.get(0), today).of(series, earlier, models));
    Stories stories = new Stories(context.spark(), clean, config.headlines());
    List<Question> questions = questions(surges.headlined(), series, today);
    List<Answer> answers =
        context.describe(
            "monitor: find headlines",
            () ->
                stories.of(
                    clusters,
                    heads.sentiment().isEmpty() ? List.of() : questions,
                    () -> ModelFiles.read(context.artefacts().open(path(model)))));
    AlertRows.write(context.spark(), tables, run, surges.known());
    MoodFiles.Found found =
        new MoodFiles.Found(
            model,
            heads,
            asked,
            today,
            series,
            errors,
            leftOut(ranked.where(isFollowed.equalTo(false))),
            surges,
            questions,
            answers,
            config.days().shown());
    return files.publish(found);
  }

  /** Returns the series of alerts that may change, however rare their documents have become. */
  private static List<SeriesKey> standing(List<KnownAlert> alerts, LocalDate since) {
    return alerts.stream()
        .filter(alert -> !alert.episode().to().isBefore(since))
        .map(alert -> SeriesKey.parse(alert.series()))
        .distinct()
        .toList();
  }

  private Map<SeriesKey, Controls> controls(Dataset<Row> past, Dataset<Row> keys, Models models) {
    return models
        .before()
        .map(before -> SeriesRows.controls(past, before, config.entities().separators()))
        .map(
            rows ->
                rows.join(
                    broadcast(keys), ColumnNames.of(SeriesRows.KIND, SeriesRows.NAME), "left_semi"))
        .map(rows -> Controls.of(rows.collectAsList()))
        .orElse(Map.of());
  }

  private SurgeSearch search(Dataset<Row> clusters, SeriesCounts market, Today today) {
    Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
    MonitorConfig.Surges wanted = config.surges();
    Judges judges =
        Judges.of(
            wanted,
            AnalystFiles.masks(wanted.annotations(), hadoop),
            AnalystFiles.holidays(wanted.holidays(), hadoop),
            market.ofDocuments());
    return new SurgeSearch(clusters, wanted, judges, today);
  }

  /** Asks for the headlines of alerts, then of today's market and topics. */
  private static List<Question> questions(
      List<KnownAlert> alerts, List<SeriesCounts> series, Today today) {
    List<Question> questions = new ArrayList<>();
    for (KnownAlert alert : alerts) {
      questions.add(
          new Question(
              SeriesKey.parse(alert.series()), alert.episode().from(), alert.episode().to()));
    }
    series.stream()
        .map(SeriesCounts::key)
        .filter(key -> key.equals(SeriesKey.ALL) || key.kind().equals(SeriesKey.TOPIC))
        .forEach(key -> questions.add(new Question(key, today.last(), today.last())));
    return questions;
  }

  private static List<LeftOut> leftOut(Dataset<Row> rare) {
    return rare
        .groupBy(SeriesRows.KIND)
        .agg(count(lit(1)), sum(SeriesRows.DOCUMENTS))
        .orderBy(SeriesRows.KIND)
        .collectAsList()
        .stream()
        .map(row -> new LeftOut(row.getString(0), row.getLong(1), row.getLong(2)))
        .toList();
  }
}
