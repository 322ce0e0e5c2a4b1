package io.attune.pipeline.stage.report;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.quality.Quality;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Tables;
import io.attune.schemas.model.IntakeRecord;
import io.attune.schemas.model.IntakeRecord.IngestedFile;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.NightQuality;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.CorpusIntake;
import io.attune.schemas.report.NightReport.RejectCount;
import io.attune.schemas.report.NightReport.StageRecord;
import io.attune.schemas.report.NightReport.TextChange;
import io.attune.schemas.report.NightReport.TimelinePoint;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TextChanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Assembles the report of a night from the artefacts of the other stages. */
final class ReportAssembler {
  /**
   * Bounds the combinations of stage, corpus and reason, and those of corpus and change, that are
   * kept, the most frequent first.
   */
  private static final int MOST_REJECTS = 1_000;

  /**
   * Bounds the combinations of month, head and label collected on the driver, the latest months
   * first.
   */
  private static final int MOST_TIMELINE_ROWS = 100_000;

  /** Bounds the characters of a rejected record that are kept as an example. */
  private static final int EXAMPLE_CHARACTERS = 300;

  private final StageContext context;
  private final Run run;
  private final Map<String, Artefact> artefacts = new TreeMap<>();
  private final StageInputs inputs;

  private ReportAssembler(StageContext context) {
    this.context = context;
    this.run = context.run();
    this.inputs = context.inputs(Stage.REPORT);
  }

  /**
   * Reads the artefacts and tables of the run.
   *
   * @param stages of the night, in order
   * @throws io.attune.schemas.failure.Failure.BadInput if a stage before did not publish, or what
   *     it published is damaged
   */
  static NightReport night(StageContext context, ReportConfig config, List<StageRecord> stages) {
    return new ReportAssembler(context).assemble(config, stages);
  }

  private NightReport assemble(ReportConfig config, List<StageRecord> stages) {
    open("dataset", run.dataset());
    open("model", run.model());
    open("evaluation", run.evaluation());
    open("verdict", run.verdict());
    if (context.artefacts().isPublished(run.tokenizer())) {
      open("tokenizer", run.tokenizer());
    }
    if (context.artefacts().isPublished(run.mood())) {
      open("mood", run.mood());
    }
    ShardIndex index = artefacts.get("dataset").json(ShardIndex.FILE_NAME, ShardIndex.class);
    TrainingRecord training =
        artefacts.get("model").json(ModelBundle.TRAINING, TrainingRecord.class);
    Evaluation evaluation =
        artefacts.get("evaluation").json(Evaluation.FILE_NAME, Evaluation.class);
    VerdictRecord verdict =
        artefacts.get("verdict").json(VerdictRecord.FILE_NAME, VerdictRecord.class);
    List<CorpusIntake> intake = intake();
    List<RejectCount> rejects = rejects();
    List<TextChange> changes = changes();
    NightQuality quality = quality();
    List<TimelinePoint> timeline = timeline(index, config.maxTimelineMonths());
    return NightReport.builder(run.task(), run.id(), run.date().toString())
        .rows(bySplit(index, true))
        .tokens(bySplit(index, false))
        .intake(intake)
        .rejects(rejects)
        .changes(changes)
        .findings(quality.findings())
        .labels(index.labelCounts())
        .timeline(timeline)
        .evaluation(evaluation.results())
        .slices(evaluation.slices())
        .examples(evaluation.examples())
        .verdict(verdict)
        .training(training)
        .stages(stages)
        .lineage(lineage())
        .drift(quality.drift())
        .priors(evaluation.priors())
        .fresh(FreshNights.of(context))
        .build();
  }

  private void open(String name, String folder) {
    artefacts.put(name, inputs.open(name, folder));
  }

  private static Map<String, Long> bySplit(ShardIndex index, boolean rows) {
    Map<String, Long> counts = new TreeMap<>();
    for (Split split : Split.values()) {
      counts.put(split.word(), rows ? index.texts(split) : index.tokens(split));
    }
    return counts;
  }

  private List<CorpusIntake> intake() {
    return context.describe("report: count ingested documents", this::countIntake);
  }

  private List<CorpusIntake> countIntake() {
    Tables tables = context.tables();
    Map<String, Long> documents = byCorpus(tables.readRun(Documents.SCHEMA, run.id()));
    inputs.record("documents", snapshot(tables.snapshot(Documents.SCHEMA)));
    Map<String, Long> rejected =
        tables.exists(Rejects.SCHEMA)
            ? byCorpus(tables.readRun(Rejects.SCHEMA, run.id()))
            : new TreeMap<>();
    ingestedFiles().forEach(file -> rejected.merge(file.corpus(), file.withoutRow(), Long::sum));
    rejected.values().removeIf(count -> count == 0);
    Set<String> corpora = new TreeSet<>(documents.keySet());
    corpora.addAll(rejected.keySet());
    return corpora.stream()
        .map(
            corpus ->
                new CorpusIntake(
                    corpus, documents.getOrDefault(corpus, 0L), rejected.getOrDefault(corpus, 0L)))
        .toList();
  }

  /** Returns the files that the run ingested; none in a run of an earlier version. */
  private List<IngestedFile> ingestedFiles() {
    return context.artefacts().isPublished(run.intake())
        ? inputs
            .open("intake", run.intake())
            .json(IntakeRecord.FILE_NAME, IntakeRecord.class)
            .files()
        : List.of();
  }

  private static Map<String, Long> byCorpus(Dataset<Row> rows) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : TableCounts.byCorpus(rows).collectAsList()) {
      String corpus = row.getAs(Documents.CORPUS);
      long records = row.<Long>getAs(TableCounts.RECORDS);
      counts.merge(corpus == null ? "" : corpus, records, Long::sum);
    }
    return counts;
  }

  private List<RejectCount> rejects() {
    Tables tables = context.tables();
    if (!tables.exists(Rejects.SCHEMA)) {
      return List.of();
    }
    return context.describe("report: count rejects by reason", () -> countRejects(tables));
  }

  private List<RejectCount> countRejects(Tables tables) {
    inputs.record("rejects", snapshot(tables.snapshot(Rejects.SCHEMA)));
    Map<List<String>, Long> ofIngest = rejectsOfIngest();
    List<RejectCount> rejects = new ArrayList<>();
    Dataset<Row> rows = tables.readRun(Rejects.SCHEMA, run.id());
    for (Row row : TableCounts.rejectsByReason(rows).limit(MOST_REJECTS).collectAsList()) {
      rejects.add(
          new RejectCount(
              orEmpty(row.getAs(Rejects.STAGE)),
              orEmpty(row.getAs(Rejects.CORPUS)),
              orEmpty(row.getAs(Rejects.REASON)),
              Math.max(
                  row.<Long>getAs(TableCounts.RECORDS),
                  ofIngest.getOrDefault(
                      List.of(
                          orEmpty(row.getAs(Rejects.STAGE)),
                          orEmpty(row.getAs(Rejects.CORPUS)),
                          orEmpty(row.getAs(Rejects.REASON))),
                      0L)),
              Figures.cut(row.getAs(TableCounts.EXAMPLE), EXAMPLE_CHARACTERS)));
    }
    return rejects;
  }

  private NightQuality quality() {
    if (!context.artefacts().isPublished(Quality.folder(run))) {
      return new NightQuality(NightQuality.VERSION, null, List.of()); // of an earlier version
    }
    open("quality", Quality.folder(run));
    return artefacts.get("quality").json(NightQuality.FILE_NAME, NightQuality.class);
  }

  private List<TextChange> changes() {
    Tables tables = context.tables();
    if (!tables.exists(TextChanges.SCHEMA)) {
      return List.of();
    }
    inputs.record("text_changes", snapshot(tables.snapshot(TextChanges.SCHEMA)));
    Dataset<Row> rows =
        tables
            .readRun(TextChanges.SCHEMA, run.id())
            .orderBy(
                col(TextChanges.AMOUNT).desc(),
                col(TextChanges.CORPUS),
                col(TextChanges.CHANGE),
                col(TextChanges.EXAMPLE))
            .limit(MOST_REJECTS);
    return context.describe("report: read what was changed", rows::collectAsList).stream()
        .map(
            row ->
                new TextChange(
                    orEmpty(row.getAs(TextChanges.CORPUS)),
                    row.getAs(TextChanges.CHANGE),
                    row.<Long>getAs(TextChanges.DOCUMENTS),
                    row.<Long>getAs(TextChanges.AMOUNT),
                    row.getAs(TextChanges.EXAMPLE)))
        .toList();
  }

  /** Counts what ingest rejected by stage, corpus and reason: not all of it has a row. */
  private Map<List<String>, Long> rejectsOfIngest() {
    Map<List<String>, Long> counts = new HashMap<>();
    for (IngestedFile file : ingestedFiles()) {
      if (file.reasons() != null) {
        file.reasons()
            .forEach(
                (reason, count) ->
                    counts.merge(
                        List.of(Stage.INGEST.word(), file.corpus(), reason), count, Long::sum));
      }
    }
    return counts;
  }

  /** Counts all documents that the dataset was made from, those of earlier nights included. */
  private List<TimelinePoint> timeline(ShardIndex index, int maxMonths) {
    if (index.documents() == 0) {
      return List.of();
    }
    return context.describe(
        "report: count documents by month and label", () -> countByMonth(index, maxMonths));
  }

  private List<TimelinePoint> countByMonth(ShardIndex index, int maxMonths) {
    inputs.record("clean_documents", snapshot(index.documents()));
    Dataset<Row> documents =
        CurrentDocuments.of(context.tables().readAt(CleanDocuments.SCHEMA, index.documents()));
    List<TimelinePoint> points = new ArrayList<>();
    Set<String> months = new LinkedHashSet<>();
    for (Row row : TableCounts.byMonth(documents).limit(MOST_TIMELINE_ROWS).collectAsList()) {
      String month = row.getAs(TableCounts.MONTH);
      if (!months.contains(month) && months.size() == maxMonths) {
        break;
      }
      months.add(month);
      points.add(
          new TimelinePoint(
              month,
              row.getAs(TableCounts.HEAD),
              row.getAs(TableCounts.LABEL),
              row.<Long>getAs(TableCounts.RECORDS)));
    }
    // Stable: within a month the order of the query stays.
    points.sort(Comparator.comparing(TimelinePoint::month));
    return points;
  }

  private Map<String, Provenance> lineage() {
    Map<String, Provenance> lineage = new TreeMap<>();
    artefacts.forEach((name, artefact) -> lineage.put(name, artefact.provenance()));
    lineage.put("report", inputs.provenance());
    return lineage;
  }

  private static String snapshot(long id) {
    return "snapshot " + id;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
