package io.attune.pipeline.train.averaging;

import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What a task of a round does on its executor: local training from the state that it is sent. */
final class WorkerTask {
  private WorkerTask() {}

  /** Minibatches, and how many units of the assignment were read to make those given out so far. */
  interface Minibatches extends Iterator<MultiDataSet> {
    long unitsRead();
  }

  /**
   * Trains every minibatch in order.
   *
   * @return the state after the last, and what was trained
   */
  static Trained train(
      Setup setup, Assignment assignment, Exchange.Parcel start, Minibatches minibatches) {
    ComputationGraph network = Replicas.borrow(setup.training(), setup.network());
    start.open().copyTo(network);
    network.getConfiguration().setEpochCount(assignment.epoch());
    Nd4j.getRandom().setSeed(assignment.seed());
    Tally tally = new Tally();
    while (tally.fault.isEmpty() && tally.advance(minibatches)) {
      tally.train(network, setup.hooks());
    }
    Trained trained = tally.result(assignment, network, minibatches);
    Replicas.giveBack(setup.training(), network);
    return trained;
  }

  /** The running account of one task. */
  private static final class Tally {
    private MultiDataSet batch;
    private long rows;
    private long tokens;
    private int steps;
    private double lossSum;
    private String fault = "";
    private long computeNanos;
    private long readNanos;

    boolean advance(Minibatches minibatches) {
      long started = System.nanoTime();
      boolean more = minibatches.hasNext();
      if (more) {
        batch = minibatches.next();
      }
      readNanos += System.nanoTime() - started;
      return more;
    }

    void train(ComputationGraph network, List<TrainingHook> hooks) {
      long started = System.nanoTime();
      hooks.forEach(hook -> hook.preUpdate(batch, network));
      network.fit(
          batch.getFeatures(),
          batch.getLabels(),
          batch.getFeaturesMaskArrays(),
          batch.getLabelsMaskArrays());
      hooks.forEach(hook -> hook.postUpdate(batch, network));
      computeNanos += System.nanoTime() - started;
      long size = batch.getFeatures(0).size(0);
      steps++;
      rows += size;
      tokens += tokens(size);
      lossSum += network.score() * size;
      if (!Double.isFinite(network.score())) {
        fault = "the loss of its minibatch %d is %s".formatted(steps, network.score());
      }
    }

    private long tokens(long size) {
      INDArray mask = batch.getFeaturesMaskArrays() == null ? null : batch.getFeaturesMaskArray(0);
      return mask == null ? size : mask.sumNumber().longValue();
    }

    Trained result(Assignment assignment, ComputationGraph network, Minibatches read) {
      NetworkState state = null;
      if (steps > 0 && fault.isEmpty()) {
        state = NetworkState.of(network);
        if (!state.isFinite()) {
          state = null;
          fault = "its parameters are not finite after %d minibatches".formatted(steps);
        }
      }
      return new Trained(
          new WorkerResult(
              assignment.worker(),
              read.unitsRead(),
              rows,
              tokens,
              steps,
              network.getConfiguration().getIterationCount(),
              lossSum,
              fault,
              computeNanos,
              readNanos),
          state);
    }
  }
}
