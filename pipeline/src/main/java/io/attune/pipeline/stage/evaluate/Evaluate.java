package io.attune.pipeline.stage.evaluate;

import io.attune.pipeline.Stage;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.ModelFiles;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Measures tonight's model beside the current one, a linear baseline and the majority class. */
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
    context.storage().requireUnpublished(run.evaluation());
    LabelSets labels =
        context.storage().readJson(run.dataset() + "/" + ModelBundle.LABELS, LabelSets.class);
    Map<String, TextModel> models = new HashMap<>();
    Map<String, String> versions = new HashMap<>();
    models.put(
        Evaluation.CANDIDATE,
        new BundledModel(ModelFiles.read(context.storage(), run.model()), labels));
    versions.put(Evaluation.CANDIDATE, run.id());
    Optional<String> current = CurrentModel.of(context.storage(), run.task()).version();
    current.ifPresent(
        version -> {
          String path = "models/" + run.task() + "/" + version;
          models.put(
              Evaluation.CURRENT,
              new BundledModel(ModelFiles.read(context.storage(), path), labels));
          versions.put(Evaluation.CURRENT, version);
        });
    return run(context, config, models, versions);
  }

  /** The same for any models: what tests call. */
  static StageResult run(
      StageContext context,
      EvaluateConfig config,
      Map<String, TextModel> models,
      Map<String, String> versions) {
    Run run = context.run();
    Manifest dataset = context.storage().manifest(run.dataset());
    ShardIndex index =
        context.storage().readJson(run.dataset() + "/" + ShardIndex.FILE_NAME, ShardIndex.class);
    if (index.rows(Split.TEST) == 0 || index.rows(Split.TRAIN) == 0) {
      throw new Failure.BadInput(
          "'%s' has %d training and %d test rows, and both must be there to measure a model; give"
              + " the task more documents or another split",
          context.storage().resolve(run.dataset()),
          index.rows(Split.TRAIN),
          index.rows(Split.TEST));
    }
    Map<String, String> inputs = new TreeMap<>(versions);
    inputs.put("documents", Long.toString(index.documents()));
    inputs.put("dataset", dataset.sha256Of(ShardIndex.FILE_NAME).orElse("unknown"));
    List<Evaluation> published = new ArrayList<>();
    try {
      context
          .storage()
          .publish(
              run.evaluation(),
              context.recorder().record(Stage.EVALUATE.word(), inputs),
              staging -> {
                Measurement measured = new Measurement(context, config, index, models, versions);
                published.add(measured.writeTo(staging));
                return Map.of("rows", measured.rows());
              });
    } finally {
      context.spark().sparkContext().setJobDescription(null);
    }
    return result(run, published.get(0));
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
                beside(evaluation, result.head())));
      }
    }
    return new StageResult(run.evaluation(), String.join("; ", words), counts);
  }

  private static String beside(Evaluation evaluation, String head) {
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
