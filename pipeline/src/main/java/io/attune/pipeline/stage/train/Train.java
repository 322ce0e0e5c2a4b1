package io.attune.pipeline.stage.train;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.linear.LinearConfig;
import io.attune.pipeline.stage.train.checkpoint.Checkpoints;
import io.attune.pipeline.stage.train.data.States;
import io.attune.pipeline.stage.train.teacher.TeacherAnswers;
import io.attune.pipeline.stage.train.teacher.TeacherChoice;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Trains the run's model on the run's dataset and publishes its bundle. */
public final class Train {
  private Train() {}

  /**
   * Records which model teaches the run, if the run trains a student: a night does so before its
   * first stage, so that what is missing fails at once and the teacher never changes.
   *
   * @param labels of the task
   * @throws Failure.BadInput if there is no such model, or if it has other heads or classes
   * @throws Failure.BadUsage if {@code model.distil.from} names none
   */
  public static void chooseTeacher(StageContext context, ModelConfig model, LabelSets labels) {
    if (model.distil().hasTeacher()) {
      var unused = TeacherChoice.of(context, model.distil(), labels);
    }
  }

  /**
   * Trains from the beginning, or from the newest intact checkpoint of the run: with the same
   * number of workers the model is then that of an uninterrupted training to the bit. With several
   * seeds that holds for each network in turn, and those that were trained are not trained again.
   * The linear part, which {@code model} may ask for, is trained last.
   *
   * <p>If the dataset was made with a pretrained encoder, that is what is trained, as much of it as
   * {@code model} says. A student learns from a teacher and has no encoder.
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
    if (context.artefacts().isPublished(context.run().model())) {
      States.removeLeft(context);
      TeacherAnswers.removeLeft(context);
    }
    context.artefacts().requireUnpublished(context.run().model());
    try {
      TrainingData data = TrainingData.open(context, model);
      requireOwnVocabulary(data, model);
      TrainConfig decided = config.over(data.index().rows(Split.TRAIN), data.encoder().isEmpty());
      TrainingSpec spec = new TrainingSpec(decided, model, updater, linear, resolvedConfigYaml);
      if (model.kind() == ModelConfig.Kind.LINEAR) {
        return new LinearRun(context, data, spec).run();
      }
      TrainingData drawn = data.resampled(context.spark(), decided.resampling());
      return new EnsembleRun(context, drawn, spec, NetworkPlan.of(context, drawn, spec)).run();
    } catch (Exception e) {
      throw failureIn(e);
    }
  }

  /** Returns the folders that may hold checkpoints of the networks of a run. */
  public static List<String> checkpointFolders(Storage storage, Run run) {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(number -> folder(run, number))
        .takeWhile(storage::exists)
        .map(folder -> folder + "/" + Checkpoints.FOLDER)
        .toList();
  }

  /**
   * Returns the folder of what the training of a network leaves.
   *
   * @param number of the network, from 1
   */
  static String folder(Run run, int number) {
    return number == 1 ? run.folder() : run.folder() + "/network-" + number;
  }

  private static void requireOwnVocabulary(TrainingData data, ModelConfig model) {
    if (model.distil().hasTeacher() && data.encoder().isPresent()) {
      throw new Failure.BadInput(
          "The dataset '%s' was made for the encoder '%s', and a student (model.distil) has a"
              + " vocabulary of its own; run the tokenize and shard stages again with"
              + " model.encoder: none, or train the encoder with model.distil.from: none",
          data.folder(), data.encoder().get().card().name());
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
