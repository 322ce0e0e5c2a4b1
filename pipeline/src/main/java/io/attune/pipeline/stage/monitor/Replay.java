package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.stage.monitor.Stories.Answer;
import io.attune.pipeline.stage.monitor.Stories.Question;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Scratch;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.AlertReplay;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judges all days of some corpora, each as the night after it would have: from the days before it,
 * by what the model in use has answered. Nothing is written.
 */
final class Replay {
  /** Days of the courses of alerts. */
  private static final int SHOWN_DAYS = 90;

  private final StageContext context;
  private final MonitorConfig config;
  private final List<String> corpora;
  private final String model;

  Replay(StageContext context, MonitorConfig config, List<String> corpora) {
    this.context = context;
    this.config = config;
    this.corpora = List.copyOf(corpora);
    this.model =
        CurrentModel.of(context.storage(), context.run().task())
            .version()
            .orElseThrow(
                () ->
                    new Failure.BadInput(
                        "Task '%s' has no model in use below '%s', so no document was read; run a"
                            + " night, and see its report if it keeps no model",
                        context.run().task(), context.storage().root()));
  }

  /**
   * Returns the strongest alerts, the one of the least p-value first.
   *
   * @param most alerts at most
   * @throws Failure.BadInput if no dated document of the corpora was read
   */
  AlertReplay strongest(int most) {
    Artefact bundle = context.artefacts().open(Run.modelOf(context.run().task(), model));
    MoodHeads heads =
        MoodHeads.of(bundle.json(ModelBundle.LABELS, LabelSets.class), config.heads());
    if (heads.sentiment().isEmpty()) {
      throw new Failure.BadInput("%s", heads.note());
    }
    try (Scratch scratch = new Scratch()) {
      Dataset<Row> readings = scratch.keep(readings(heads));
      Today days = days(readings);
      Dataset<Row> clusters =
          scratch.keepOnDisk(SeriesRows.clusters(readings, config.entities().separators()));
      List<SeriesCounts> series = series(scratch.keep(SeriesRows.daily(clusters, model)), days);
      SurgeSearch search = new SurgeSearch(clusters, config.surges(), judges(series.get(0)), days);
      List<KnownAlert> all =
          context.describe("monitor: judge past days", () -> search.past(series, model));
      List<KnownAlert> strongest = all.stream().sorted(STRONGEST).limit(most).toList();
      List<Answer> answers =
          new Stories(context.spark(), clean(), config.headlines())
              .of(
                  clusters,
                  strongest.stream().map(Replay::question).toList(),
                  () -> ModelFiles.read(bundle));
      List<SurgeAlert> told = new ArrayList<>();
      for (int i = 0; i < strongest.size(); i++) {
        KnownAlert alert = strongest.get(i);
        told.add(
            MoodFiles.alert(
                alert,
                answers.get(i),
                MoodFiles.course(series, alert, alert.episode().to(), SHOWN_DAYS)));
      }
      return new AlertReplay(
          model,
          days.first().toString(),
          days.last().toString(),
          series.get(0).documents(days.first(), days.last()),
          series.get(0).negatives(days.first(), days.last()),
          series.size(),
          all.size(),
          told);
    }
  }

  private static final Comparator<KnownAlert> STRONGEST =
      Comparator.comparingDouble((KnownAlert alert) -> least(alert).judgement().p())
          .thenComparing(alert -> alert.episode().peak().score(), Comparator.reverseOrder())
          .thenComparing(KnownAlert::id);

  private static Alert least(KnownAlert alert) {
    return alert.days().stream()
        .min(Comparator.comparingDouble(day -> day.judgement().p()))
        .orElseThrow();
  }

  private static Question question(KnownAlert alert) {
    return new Question(
        SeriesKey.parse(alert.series()), alert.episode().from(), alert.episode().to());
  }

  private Dataset<Row> clean() {
    return context
        .tables()
        .read(CleanDocuments.SCHEMA)
        .where(col(Documents.CORPUS).isin(corpora.toArray()));
  }

  private Dataset<Row> readings(MoodHeads heads) {
    Readings.Wanted wanted =
        new Readings.Wanted(heads, config.entities().columns(), config.days().zone(), model);
    return Readings.of(clean(), context.tables().read(Scores.SCHEMA), wanted)
        .where(col(Readings.IS_READ).and(col(Readings.DAY).isNotNull()));
  }

  private Today days(Dataset<Row> readings) {
    Row range =
        readings
            .agg(min(col(Readings.DAY)), max(col(Readings.DAY)), count(lit(1)))
            .collectAsList()
            .get(0);
    if (range.getLong(2) == 0) {
      throw new Failure.BadInput(
          "No dated document of the corpora %s was read by a model; name the column of the date",
          corpora);
    }
    LocalDate first = range.getDate(0).toLocalDate();
    return new Today(
        first,
        range.getDate(1).toLocalDate(),
        first,
        new Mood.Arrivals(range.getLong(2), 0, 0, 0, 0, 0));
  }

  /** Returns the counts of the series that are followed: the most frequent of all days. */
  private List<SeriesCounts> series(Dataset<Row> daily, Today days) {
    Dataset<Row> keys =
        SeriesRows.ranked(daily, days.first())
            .where(SeriesRows.isAmong(config.entities().most(), List.of()))
            .select(SeriesRows.KIND, SeriesRows.NAME);
    return SeriesCounts.of(
        daily
            .join(keys, ColumnNames.of(SeriesRows.KIND, SeriesRows.NAME), "left_semi")
            .collectAsList(),
        days.last(),
        Map.of());
  }

  private Judges judges(SeriesCounts market) {
    MonitorConfig.Surges wanted = config.surges();
    var hadoop = context.spark().sparkContext().hadoopConfiguration();
    return Judges.of(
        wanted,
        AnalystFiles.masks(wanted.annotations(), hadoop),
        AnalystFiles.holidays(wanted.holidays(), hadoop),
        market.ofDocuments());
  }
}
