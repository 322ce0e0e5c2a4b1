package io.attune.pipeline.stage.compare;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.model.RunEncoder;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Learned;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
    Dataset<Row> predictions = predictions(context, evaluated);
    SliceTests slices = new SliceTests(config, evaluation, new SlicePairs(predictions));
    Versions versions =
        new Versions(run.id(), run.linearVersion(), currentVersion(evaluated, evaluation));
    Verdict verdict =
        context.describe(
            "compare: pair the answers",
            () -> {
              Evidence evidence =
                  new Evidence(
                      evaluation,
                      combination(context, inputs),
                      new Answers(predictions),
                      Optional.ofNullable(versions.current())
                          .flatMap(it -> labels(context, inputs, Evaluation.CURRENT, it)));
              BundleTests bundle = new BundleTests(context, evaluated, config);
              AnchorEvidence anchor = new AnchorEvidence(context, inputs, evidence, config);
              return verdict(evidence, config, versions, new Others(slices, anchor, bundle));
            });
    List<String> trends = AnchorTrend.of(context, verdict.grounds().anchors());
    trends.forEach(context.progress()::warn);
    VerdictRecord published =
        verdict
            .toRecord(versions)
            .withSlices(slices.records())
            .withRemarks(trends)
            .withRemarks(remarks(context, inputs, evaluation));
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
        published.decision() + ": " + published.summary(),
        Map.of("promote", verdict.promotes() ? 1L : 0L));
  }

  /** Holds what is tested beside the heads as a whole, in this order. */
  private record Others(SliceTests slices, AnchorEvidence anchor, BundleTests bundle) {}

  private static Verdict verdict(
      Evidence evidence, GateConfig config, Versions versions, Others others) {
    List<HeadEvidence> ofCandidate = evidence.ofCandidate();
    Findings whole = Decision.ofCandidate(ofCandidate, config, versions.candidate());
    IdleNetwork.note(evidence, config, whole);
    others.slices.ofCandidate(ofCandidate, versions, whole);
    others.anchor.test(ofCandidate, Evaluation.CANDIDATE, versions.candidate(), whole);
    others.bundle.test(whole, Evaluation.CANDIDATE);
    Headline headline = new Headline(versions, ofCandidate, config);
    if (!whole.isBelowBaseline() || !evidence.hasLinearPart()) {
      return Verdict.of(whole, headline);
    }
    List<HeadEvidence> ofPart = evidence.ofLinearPart();
    Findings part = Decision.ofLinearPart(ofPart, config, versions.linearPart());
    others.slices.ofLinearPart(ofPart, versions, part);
    others.anchor.test(ofPart, Evaluation.CANDIDATE_LINEAR, versions.linearPart(), part);
    others.bundle.test(part, Evaluation.CANDIDATE_LINEAR);
    return Verdict.of(whole, part, headline);
  }

  /** Returns how the parts of the candidate stand together; empty if it has only one. */
  private static Optional<Combination> combination(StageContext context, StageInputs inputs) {
    return context.artefacts().isPublished(context.run().model())
        ? inputs
            .open("model", context.run().model())
            .find(ModelBundle.COMBINATION, Combination.class)
        : Optional.empty();
  }

  /**
   * Returns the classes of a published model; empty if its bundle is gone.
   *
   * @param name of the model in the provenance
   */
  static Optional<LabelSets> labels(
      StageContext context, StageInputs inputs, String name, String version) {
    String bundle = Run.modelOf(context.run().task(), version);
    return context.artefacts().isPublished(bundle)
        ? inputs.open(name, bundle).find(ModelBundle.LABELS, LabelSets.class)
        : Optional.empty();
  }

  /**
   * Returns what no test says: heads without test rows, what may have been learned before, and what
   * the encoder makes doubtful.
   */
  private static List<String> remarks(
      StageContext context, StageInputs inputs, Evaluation evaluation) {
    List<String> remarks = new ArrayList<>();
    if (context.artefacts().isPublished(context.run().model())) {
      List<String> tested =
          results(evaluation, Evaluation.CANDIDATE).stream().map(HeadResult::head).toList();
      inputs
          .open("model", context.run().model())
          .find(ModelBundle.LABELS, LabelSets.class)
          .map(LabelSets::heads)
          .orElse(List.of())
          .stream()
          .map(LabelSets.Head::name)
          .filter(head -> !tested.contains(head))
          .map(
              head ->
                  VerdictReasons.of(
                      "No test row has a label for '%s': the verdict says nothing of it.", head))
          .forEach(remarks::add);
    }
    remarks.addAll(new SeenBefore(evaluation).remarks());
    remarks.addAll(encoderWarnings(context, inputs));
    return remarks;
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

  static List<HeadResult> results(Evaluation evaluation, String model) {
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
          "gate.head is '%s', and the test split has labels for %s only; name one of these, or"
              + " '%s'",
          config.head(), heads, GateConfig.ALL_HEADS);
    }
    if (heads.isEmpty()) {
      throw new Failure.BadInput(
          "The evaluation measured no head on the test split, so that nothing can be compared; give"
              + " the test documents labels and run the night again");
    }
  }

  /**
   * Returns the version of the model that was in use when the evaluation was made, whether it
   * answers a head of tonight or not; null for none. Evaluations of versions that did not record it
   * name it only where it answered.
   */
  private static String currentVersion(Artefact evaluated, Evaluation evaluation) {
    return Optional.ofNullable(evaluated.provenance().inputs().get(Evaluation.CURRENT))
        .or(() -> version(evaluation, Evaluation.CURRENT))
        .orElse(null);
  }

  /** Returns the version of a model that answered a row, or has learned from it; empty for none. */
  static Optional<String> version(Evaluation evaluation, String model) {
    return Stream.concat(
            evaluation.results().stream()
                .filter(result -> result.model().equals(model))
                .map(HeadResult::version),
            evaluation.learned().stream()
                .filter(learned -> learned.model().equals(model))
                .map(Learned::version))
        .filter(Objects::nonNull)
        .findFirst();
  }
}
