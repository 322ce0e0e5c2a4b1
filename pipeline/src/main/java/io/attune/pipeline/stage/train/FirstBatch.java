package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains one small batch, so that what would fail in an hour fails in a second. */
final class FirstBatch {
  private static final int ROWS = 4;

  private FirstBatch() {}

  /**
   * Trains the first rows of the first epoch on a copy of the network, which is thrown away.
   *
   * @throws Failure.TrainingDiverged if the loss is not finite
   */
  static void requireTrains(
      ComputationGraph network, TrainingData data, MinibatchLoader loader, TrainConfig config) {
    RowRange all = data.epoch(config.seed(), 0).get(0);
    RowRange first = new RowRange(all.file(), 0, Math.min(ROWS, all.rows()), all.order());
    ComputationGraph trial = network.clone();
    try {
      BatchLimits limits = new BatchLimits(ROWS, config.batch().tokens());
      MultiDataSet batch = loader.minibatches(List.of(first), limits, 0).next();
      trial.fit(batch);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + first, e);
    }
    if (!Double.isFinite(trial.score())) {
      throw new Failure.TrainingDiverged(
          "The loss of the first minibatch is %s before any training; check the model and updater"
              + " configuration",
          trial.score());
    }
  }
}
