package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageInputs;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Evaluates the candidate, the current model, a linear baseline and the majority class. */
public final class Evaluate {
  private Evaluate() {}

  /**
   * Publishes {@link Run#evaluation()}: {@code evaluation.json}, {@code predictions/*.parquet}.
   *
   * @throws Failure.AlreadyPublished if it is published; nothing was done then
   * @throws Failure.BadInput if dataset or model are missing or damaged, or the test split is empty
   */
  public static StageResult run(StageContext context, EvaluateConfig config) {
    Run run = context.run();
    context.artefacts().requireUnpublished(run.evaluation());
    StageInputs inputs = context.inputs(Stage.EVALUATE);
    TestedDataset dataset = TestedDataset.open(context, inputs);
    Map<String, TextModel> models = new HashMap<>();
    Map<String, String> versions = new HashMap<>();
    versions.put(Evaluation.CANDIDATE, run.id());
    CurrentModel.of(context.storage(), run.task())
        .version()
        .ifPresent(version -> versions.put(Evaluation.CURRENT, version));
    versions.forEach(
        (name, version) -> {
          Artefact bundle = inputs.open(name, Run.modelOf(run.task(), version));
          models.put(name, new BundledModel(ModelFiles.read(bundle), dataset.labels()));
        });
    new Anchor(context, inputs, dataset.labels()).addTo(models, versions);
    return publish(inputs, new EvaluationRun(context, config, dataset, models, versions));
  }

  /** Evaluates any models, for tests. */
  static StageResult run(
      StageContext context,
      EvaluateConfig config,
      Map<String, TextModel> models,
      Map<String, String> versions) {
    StageInputs inputs = context.inputs(Stage.EVALUATE);
    TestedDataset dataset = TestedDataset.open(context, inputs);
    return publish(inputs, new EvaluationRun(context, config, dataset, models, versions));
  }

  private static StageResult publish(StageInputs inputs, EvaluationRun evaluation) {
    StageContext context = evaluation.context();
    evaluation.versions().forEach(inputs::record);
    List<Evaluation> published = new ArrayList<>();
    context
        .artefacts()
        .publish(
            context.run().evaluation(),
            inputs.provenance(),
            staging -> {
              published.add(evaluation.writeTo(staging));
              return Map.of("rows", evaluation.rows());
            });
    return result(context.run(), published.get(0));
  }

  private static StageResult result(Run run, Evaluation evaluation) {
    List<String> words = new ArrayList<>();
    Map<String, Long> counts = new HashMap<>();
    for (HeadResult result : evaluation.results()) {
      if (result.split().equals(Split.TEST.word()) && result.model().equals(Evaluation.CANDIDATE)) {
        counts.merge("testRows", result.rows(), Math::max);
        words.add(
            String.format(
                Locale.ROOT,
                "%s: accuracy %.4f, macro-F1 %.4f%s",
                result.head(),
                result.accuracy(),
                result.macroF1(),
                comparedWithBaseline(evaluation, result.head())));
      }
    }
    return new StageResult(run.evaluation(), String.join("; ", words), counts);
  }

  private static String comparedWithBaseline(Evaluation evaluation, String head) {
    return evaluation.results().stream()
        .filter(result -> result.split().equals(Split.TEST.word()))
        .filter(result -> result.head().equals(head))
        .filter(result -> result.model().equals(Evaluation.BASELINE))
        .map(
            result ->
                String.format(
                    Locale.ROOT, " (baseline %.4f, %.4f)", result.accuracy(), result.macroF1()))
        .findFirst()
        .orElse("");
  }
}
