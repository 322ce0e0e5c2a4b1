package io.attune.pipeline.stage.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.CountedJob;
import io.attune.pipeline.JobDescription;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.dataset.DatasetRows;
import io.attune.pipeline.dataset.Labels;
import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.ClassCounts;
import io.attune.pipeline.storage.Staging;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.KeptAnswers;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Split;
import io.attune.schemas.table.TokenRows;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes one evaluation: fits the baseline, asks every model and sums up. */
final class EvaluationRun {
  private static final int STEPS = 3;

  /** Texts that are searched for words that decide. */
  private static final int TEXTS = 500;

  private final StageContext context;
  private final EvaluateConfig config;
  private final TestedDataset dataset;
  private final ShardIndex index;
  private final LabelSets labels;
  private final Map<String, TextModel> models;
  private final Map<String, String> versions;

  EvaluationRun(
      StageContext context,
      EvaluateConfig config,
      TestedDataset dataset,
      Map<String, TextModel> models,
      Map<String, String> versions) {
    this.context = context;
    this.config = config;
    this.dataset = dataset;
    this.index = dataset.index();
    this.labels = dataset.labels();
    this.models = models;
    this.versions = versions;
  }

  StageContext context() {
    return context;
  }

  /** Returns the version of each model that has one. */
  Map<String, String> versions() {
    return versions;
  }

  /** Returns the number of documents that are evaluated: validation and test. */
  long rows() {
    return index.texts(Split.VALIDATION) + index.texts(Split.TEST);
  }

  /** Writes every file of the evaluation and returns the content of {@code evaluation.json}. */
  Evaluation writeTo(Staging staging) throws IOException {
    Dataset<Row> train = trainRows();
    Map<String, TextModel> all = new HashMap<>(models);
    List<ClassCounts> counts =
        step(
            0,
            "count labels and fit the baseline",
            () -> {
              List<ClassCounts> found = Labels.count(train, labels);
              all.put(
                  Evaluation.BASELINE, LinearBaseline.fit(train, labels, found, config.baseline()));
              return found;
            });
    Broadcast<EvaluatedModels> shared =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .broadcast(new EvaluatedModels(labels, all, config.batchRows()));
    try {
      Dataset<Row> test = sliced(Split.TEST);
      Dataset<Row> validation =
          index.rows(Split.VALIDATION) == 0 ? test.where(lit(false)) : sliced(Split.VALIDATION);
      Dataset<Row> rows = measuredRows(validation, test);
      LearnedRows learned = LearnedRows.of(context, dataset, versions);
      Dataset<Row> put = measuredRows(LearnedRows.addNone(validation), learned.add(test));
      ClassShares shares = new ClassShares(labels, trainingShares(counts));
      Dataset<Row> answers = step(1, "ask every model", () -> ask(put, shared, staging));
      KeptAnswers kept = // as the models give them, which is what the bundle answers when opened
          context.describe("evaluate: keep some answers", () -> KeptTexts.of(answers, rows));
      List<PriorShiftResult> priors =
          context.describe(
              "evaluate: estimate the shares of the classes",
              () -> shares.of(Evaluation.CANDIDATE, answers, index.texts(Split.TEST)));
      Dataset<Row> predictions =
          context.describe(
              "evaluate: correct the answers", () -> corrected(answers, staging, shares));
      LinearBaseline baseline = (LinearBaseline) all.get(Evaluation.BASELINE);
      Evaluation evaluation =
          step(
                  2,
                  "sum up",
                  () ->
                      LearnedCounts.of(predictions, learned, versions)
                          .complete(sumUp(predictions, rows, shared, majorities(counts))))
              .withFits(baseline.fits())
              .withPriors(priors, config.prior().word());
      warnOfNoFeatures(baseline);
      warnOfPerfectBaseline(evaluation, baseline, rows);
      staging.write(Evaluation.FILE_NAME, Json.pretty(evaluation));
      staging.write(KeptAnswers.FILE_NAME, Json.pretty(kept));
      staging.write(FreshEvidence.FILE_NAME, Json.pretty(fresh(predictions, shared)));
      context.progress().update(STEPS, STEPS, "");
      return evaluation;
    } finally {
      shared.destroy();
    }
  }

  private FreshEvidence fresh(Dataset<Row> predictions, Broadcast<EvaluatedModels> shared) {
    FreshRows rows = new FreshRows(context, index.documents(), config.freshRows());
    return new FreshEvidence(
        FreshEvidence.VERSION,
        context.run().id(),
        context.run().date().toString(),
        versions.get(Evaluation.CURRENT),
        context.describe(
            "evaluate: ask the current model about new documents",
            () -> rows.ask(shared, new Bootstrap(config.bootstrapRepetitions(), config.seed()))),
        context.describe(
            "evaluate: count uses of the test split",
            () -> TestWear.of(context, predictions, index.documents())));
  }

  /** Writes what every model answers to every row, and returns it as it was written. */
  private Dataset<Row> ask(
      Dataset<Row> rows, Broadcast<EvaluatedModels> evaluated, Staging staging) {
    CountedJob count = CountedJob.of(context.spark(), rows(), "ask every model");
    Dataset<Row> answers = Predictions.predict(rows, evaluated, count.done());
    String folder = corrects() ? ClassShares.UNCORRECTED : Evaluation.PREDICTIONS;
    return count.during(
        context.progress(), () -> written(answers, staging.resolve(folder).toString()));
  }

  /** Returns the predictions as they are published: corrected, or the answers as they are. */
  private Dataset<Row> corrected(Dataset<Row> answers, Staging staging, ClassShares shares)
      throws IOException {
    if (!corrects()) {
      return answers;
    }
    Dataset<Row> corrected =
        written(
            shares.corrected(answers, index.texts(Split.TEST)),
            staging.resolve(Evaluation.PREDICTIONS).toString());
    staging.remove(ClassShares.UNCORRECTED);
    return corrected;
  }

  private TrainingShares trainingShares(List<ClassCounts> counts) {
    TrainingShares tonight = TrainingShares.of(labels, counts);
    return corrects() ? tonight.with(context, labels, versions) : tonight;
  }

  private boolean corrects() {
    return config.prior() == EvaluateConfig.Prior.ESTIMATED;
  }

  private Dataset<Row> written(Dataset<Row> predictions, String folder) {
    predictions
        .write()
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(folder);
    return context.spark().read().schema(Predictions.SCHEMA).parquet(folder);
  }

  private Evaluation sumUp(
      Dataset<Row> predictions,
      Dataset<Row> rows,
      Broadcast<EvaluatedModels> evaluated,
      Map<String, Integer> majorities) {
    requireComplete(predictions.count());
    return new Evaluation(
        Scores.of(predictions, labels, temperatures(evaluated.value()))
            .results(
                labels,
                versions,
                majorities,
                new Bootstrap(config.bootstrapRepetitions(), config.seed()))
            .stream()
            .filter(evaluated.value()::isTelling)
            .toList(),
        TestSlices.of(predictions, labels, config.slices()),
        Examples.of(predictions, rows, evaluated, config.examplesPerKind()));
  }

  /** Returns the temperatures; what is corrected for other shares cannot be scaled back by them. */
  private Map<String, Map<String, Double>> temperatures(EvaluatedModels evaluated) {
    return corrects() ? Map.of() : evaluated.temperatures();
  }

  private void warnOfNoFeatures(LinearBaseline baseline) {
    if (baseline.features().size() == 0) {
      context
          .progress()
          .warn(
              "the linear baseline answers by the shares of the classes alone, since no word or pair of words is in evaluate.baseline.min-documents (%,d) training documents; give the task more documents, or lower that number"
                  .formatted(config.baseline().minDocuments()));
    }
  }

  private void warnOfPerfectBaseline(
      Evaluation evaluation, LinearBaseline baseline, Dataset<Row> rows) {
    List<HeadResult> perfect = PerfectBaseline.among(evaluation.results());
    if (perfect.isEmpty()) {
      return;
    }
    List<String> texts =
        context.describe(
            "evaluate: look for words that decide",
            () ->
                rows
                    .select(col(TokenRows.ID), col("text"))
                    .orderBy(TokenRows.ID)
                    .limit(TEXTS)
                    .collectAsList()
                    .stream()
                    .map(row -> row.getString(1))
                    .toList());
    for (HeadResult head : perfect) {
      context.progress().warn(PerfectBaseline.warning(head, baseline, labels, texts));
    }
  }

  /** Returns the training rows, or a sample by the hash of the id where there are too many. */
  private Dataset<Row> trainRows() {
    return DatasetRows.sampleToLearnFrom(
            read(Split.TRAIN), folder(), index, config.baseline().maxTrainRows())
        .repartition(parallelism(), col(TokenRows.ID));
  }

  private Dataset<Row> measuredRows(Dataset<Row> validation, Dataset<Row> test) {
    return DatasetRows.forAnswers(validation.unionByName(test), rows());
  }

  private Dataset<Row> sliced(Split split) {
    return DatasetRows.read(context, folder(), index, split, config.slices().columns());
  }

  private Dataset<Row> read(Split split) {
    return DatasetRows.read(context, folder(), index, split);
  }

  private String folder() {
    return dataset.files().location().toString();
  }

  private void requireComplete(long predictions) {
    long expected = rows() * labels.heads().size();
    if (predictions != expected) {
      throw new Failure.BadInput(
          "The dataset '%s' has %,d rows to measure, but snapshot %d of the table '%s' gives %,d"
              + " answers for %d heads where %,d are due: documents were removed or are there"
              + " twice; run the night again from tokenize",
          dataset.files().location(),
          rows(),
          index.documents(),
          CleanDocuments.SCHEMA.name(),
          predictions,
          labels.heads().size(),
          expected);
    }
  }

  private Map<String, Integer> majorities(List<ClassCounts> counts) {
    Map<String, Integer> majorities = new HashMap<>();
    for (int i = 0; i < counts.size(); i++) {
      Head head = labels.heads().get(i);
      counts.get(i).majority().ifPresent(c -> majorities.put(head.name(), c));
    }
    return majorities;
  }

  private int parallelism() {
    return context.spark().sparkContext().defaultParallelism();
  }

  private <T, E extends Exception> T step(long step, String work, JobDescription.Work<T, E> body)
      throws E {
    context.progress().update(step, STEPS, work);
    return context.describe("evaluate: " + work, body);
  }
}
