package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares the candidate with the current model and publishes the verdict. */
public final class Compare {
  private Compare() {}

  /**
   * Publishes {@link Run#verdict()}: {@code verdict.json}, whatever the verdict is.
   *
   * @throws Failure.AlreadyPublished if it is published; nothing was done then
   * @throws Failure.BadInput if the evaluation is missing or damaged
   * @throws Failure.BadUsage if {@code gate.head} names no head of the task
   */
  public static StageResult run(StageContext context, GateConfig config) {
    Run run = context.run();
    context.artefacts().requireUnpublished(run.verdict());
    StageInputs inputs = context.inputs(Stage.COMPARE);
    Artefact evaluated = inputs.open("evaluation", run.evaluation(), Evaluation.FILE_NAME).verify();
    Evaluation evaluation = evaluated.json(Evaluation.FILE_NAME, Evaluation.class);
    requireHead(evaluation, config);
    List<HeadEvidence> evidence =
        context.describe(
            "compare: pair the answers",
            () -> evidence(evaluation, predictions(context, evaluated)));
    Verdict verdict = Decision.decide(evidence, config);
    VerdictRecord published =
        verdict
            .toRecord(run.id(), currentVersion(evaluation))
            .withRemarks(encoderWarnings(context, inputs));
    context
        .artefacts()
        .publish(
            run.verdict(),
            inputs.provenance(),
            staging -> {
              staging.write(VerdictRecord.FILE_NAME, Json.pretty(published));
              return Map.of("tests", (long) published.tests().size());
            });
    return new StageResult(
        run.verdict(),
        published.decision() + ": " + published.reasons().get(0),
        Map.of("promote", verdict.promotes() ? 1L : 0L));
  }

  /** Returns what the run's encoder makes doubtful about its figures. */
  private static List<String> encoderWarnings(StageContext context, StageInputs inputs) {
    if (!context.artefacts().isPublished(context.run().dataset())) {
      return List.of(); // removed to save space; the evaluation stands for itself
    }
    Artefact dataset = inputs.open("dataset", context.run().dataset(), ShardIndex.FILE_NAME);
    return dataset
        .find(RunEncoder.FILE_NAME, RunEncoder.class)
        .map(RunEncoder::warnings)
        .orElse(List.of());
  }

  private static Dataset<Row> predictions(StageContext context, Artefact evaluation) {
    return context
        .spark()
        .read()
        .parquet(evaluation.resolve(Evaluation.PREDICTIONS).toString())
        .where(col("split").equalTo(Split.TEST.word()))
        .where(col("label").isNotNull());
  }

  /** Reads the predictions twice, once for each reference, as tables of counts. */
  static List<HeadEvidence> evidence(Evaluation evaluation, Dataset<Row> predictions) {
    Map<String, List<Row>> current = answers(predictions, Evaluation.CURRENT);
    Map<String, List<Row>> baseline = answers(predictions, Evaluation.BASELINE);
    List<HeadEvidence> evidence = new ArrayList<>();
    for (HeadResult candidate : results(evaluation, Evaluation.CANDIDATE)) {
      List<String> classes = candidate.perClass().stream().map(ClassResult::label).toList();
      List<Row> rows = current.getOrDefault(candidate.head(), List.of());
      PairedOutcomes against = outcomes(rows, classes);
      Optional<HeadResult> majority =
          results(evaluation, Evaluation.MAJORITY).stream()
              .filter(result -> result.head().equals(candidate.head()))
              .findFirst();
      boolean first = against.rows() == 0 && majority.isPresent();
      evidence.add(
          new HeadEvidence(
              candidate.head(),
              first ? Reference.MAJORITY : Reference.CURRENT,
              first ? againstMajority(candidate, majority.get()) : against,
              outcomes(baseline.getOrDefault(candidate.head(), List.of()), classes)));
    }
    return evidence;
  }

  private static Map<String, List<Row>> answers(Dataset<Row> predictions, String reference) {
    return predictions
        .where(col(reference).isNotNull())
        .groupBy("head", "label", Evaluation.CANDIDATE, reference)
        .agg(count(lit(1)))
        .collectAsList()
        .stream()
        .collect(Collectors.groupingBy(row -> row.getString(0)));
  }

  private static PairedOutcomes outcomes(List<Row> rows, List<String> classes) {
    Map<String, Integer> index = new HashMap<>();
    classes.forEach(label -> index.put(label, index.size()));
    return PairedOutcomes.of(
        classes.size(),
        rows.stream()
            .map(
                row ->
                    new Cell(
                        index.get(row.getString(1)),
                        index.get(row.getString(2)),
                        index.get(row.getString(3)),
                        row.getLong(4)))
            .toList());
  }

  private static PairedOutcomes againstMajority(HeadResult candidate, HeadResult majority) {
    List<List<Long>> answers = candidate.confusion();
    int constant = constantAnswer(majority);
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < answers.size(); actual++) {
      for (int chosen = 0; chosen < answers.size(); chosen++) {
        cells.add(new Cell(actual, chosen, constant, answers.get(actual).get(chosen)));
      }
    }
    return PairedOutcomes.of(answers.size(), cells);
  }

  /** Returns the one class that it always answers. */
  private static int constantAnswer(HeadResult majority) {
    for (List<Long> answers : majority.confusion()) {
      for (int chosen = 0; chosen < answers.size(); chosen++) {
        if (answers.get(chosen) > 0) {
          return chosen;
        }
      }
    }
    return 0;
  }

  private static List<HeadResult> results(Evaluation evaluation, String model) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(model))
        .filter(result -> result.split().equals(Split.TEST.word()))
        .toList();
  }

  private static void requireHead(Evaluation evaluation, GateConfig config) {
    List<String> heads =
        results(evaluation, Evaluation.CANDIDATE).stream().map(HeadResult::head).toList();
    if (!config.head().equals(GateConfig.ALL_HEADS) && !heads.contains(config.head())) {
      throw new Failure.BadUsage(
          "gate.head is '%s', and the test split has labels for %s only; name one of these, or '%s'",
          config.head(), heads, GateConfig.ALL_HEADS);
    }
    if (heads.isEmpty()) {
      throw new Failure.BadInput(
          "The evaluation measured no head on the test split, so that nothing can be compared; give"
              + " the test documents labels and run the night again");
    }
  }

  private static String currentVersion(Evaluation evaluation) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(Evaluation.CURRENT))
        .map(HeadResult::version)
        .findFirst()
        .orElse(null);
  }
}
