package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.config.OuterConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.averaging.config.Steps;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.json.Json;
import io.attune.schemas.table.Split;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What the user asked for.
 *
 * @param yaml the resolved configuration as a whole
 */
record TrainingSpec(TrainConfig train, ModelConfig model, UpdaterConfig updater, String yaml) {

  /** What must be the same for a training to go on where it stopped. */
  private record ResumeIdentity(
      ModelConfig model,
      UpdaterConfig updater,
      int batchRows,
      int batchTokens,
      int averagingFrequency,
      int warmUpRounds,
      OuterConfig outer,
      InnerState innerState,
      TrainConfig.Decay schedule,
      double maxGradientNorm,
      Guards guards,
      long seed) {}

  /**
   * SHA-256 of all that a checkpoint depends on; workers, epochs, patience and metric may change.
   */
  String identity() {
    return Sha256.of(
        Json.line(
            new ResumeIdentity(
                model,
                updater,
                train.batchRows(),
                train.batchTokens(),
                train.averagingFrequency(),
                train.warmUpRounds(),
                train.outer(),
                train.innerState(),
                train.schedule(),
                train.maxGradientNorm(),
                train.guards(),
                train.seed())));
  }

  /**
   * How many workers there will be.
   *
   * @param slots tasks that Spark runs at a time
   */
  int workers(TrainingData data, int slots) {
    long rows = data.index().rows(Split.TRAIN);
    if (train.workers() > rows) {
      throw new Failure.BadUsage(
          "train.workers is %d, and the train split has %d rows: a worker would have nothing to"
              + " train; ask for fewer workers, or for 0 to have one on each core slot",
          train.workers(), rows);
    }
    return train.workers() == 0 ? (int) Math.min(slots, rows) : train.workers();
  }

  /**
   * How the master trains.
   *
   * @param rows of the train split
   */
  AveragingConfig averaging(int workers, long rows) {
    BatchLimits limits = new BatchLimits(train.batchRows(), train.batchTokens());
    return AveragingConfig.builder(workers, train.averagingFrequency(), limits, train.seed())
        .maxAveragingShare(train.maxAveragingShare())
        .outer(train.outer())
        .innerState(train.innerState())
        .warmUpRounds(train.warmUpRounds())
        .steps(new Steps(schedule(rows), train.maxGradientNorm()))
        .guards(train.guards())
        .build();
  }

  /** A step of the warm-up is a whole minibatch of one worker, whatever the number of workers. */
  private Schedule schedule(long rows) {
    return new Schedule(
        train.schedule().kind(),
        (long) updater.warmUpSteps() * train.batchRows(),
        rows * train.epochs(),
        train.schedule().floor());
  }

  /** The network before its first step. */
  ComputationGraph network(TrainingData data) {
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                model,
                fullRate(),
                new Networks.Task(
                    data.index().vocabulary(),
                    data.index().maxTokens(),
                    data.labels(),
                    train.seed(),
                    data.index().labelCounts().getOrDefault(Split.TRAIN.word(), Map.of()))));
    network.init();
    return network;
  }

  /** The master does the warm-up, by examples seen; the network knows the rate only. */
  private UpdaterConfig fullRate() {
    return new UpdaterConfig(
        updater.kind(),
        updater.learningRate(),
        updater.beta1(),
        updater.beta2(),
        updater.epsilon(),
        updater.weightDecay(),
        0);
  }
}
