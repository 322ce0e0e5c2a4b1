package io.attune.pipeline.stage.train;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Split;
import java.util.Optional;

/** Trains the run's model on the run's dataset and publishes its bundle. */
public final class Train {
  private Train() {}

  /**
   * Trains from the beginning, or from the newest intact checkpoint of the run: with the same
   * number of workers the model is then that of an uninterrupted training to the bit. The linear
   * part, which {@code model} may ask for, is trained last.
   *
   * <p>If the dataset was made with a pretrained encoder, that is what is trained, as much of it as
   * {@code model} says.
   *
   * @param resolvedConfigYaml the whole configuration of the task, stored with the model
   * @throws Failure.AlreadyPublished if the run has its model; nothing was done then
   * @throws Failure.BadInput if the dataset is missing, damaged or has an empty split, or if a
   *     checkpoint belongs to another dataset, tokenizer or configuration
   * @throws Failure.BadUsage if there are more workers than rows to train
   * @throws Failure.TrainingDiverged if a loss or a parameter is not finite
   */
  public static StageResult run(
      StageContext context,
      TrainConfig config,
      ModelConfig model,
      UpdaterConfig updater,
      LinearConfig linear,
      String resolvedConfigYaml) {
    context.artefacts().requireUnpublished(context.run().model());
    try {
      TrainingData data = TrainingData.open(context, model);
      TrainConfig decided = config.over(data.index().rows(Split.TRAIN), data.encoder().isEmpty());
      TrainingSpec spec = new TrainingSpec(decided, model, updater, linear, resolvedConfigYaml);
      if (model.kind() == ModelConfig.Kind.LINEAR) {
        return new LinearRun(context, data, spec).run();
      }
      return new TrainingRun(context, data, spec, NetworkPlan.of(context, data, spec)).run();
    } catch (Exception e) {
      throw failureIn(e);
    }
  }

  /** Returns the failure of a task, which comes back inside an exception of Spark's. */
  private static RuntimeException failureIn(Exception exception) {
    Optional<Failure> failure = Failure.in(exception);
    if (failure.isPresent()) {
      return failure.get();
    }
    return exception instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("Training failed: " + exception.getMessage(), exception);
  }
}
