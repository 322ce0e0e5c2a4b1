package io.attune.neural.averaging.worker;

import io.attune.neural.ProcessorKind;
import io.attune.neural.TaskMemory;
import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.InnerState;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.encoder.NonFiniteInput;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trains locally in a task of a round, from the state that it is sent. */
public final class WorkerTask {
  private WorkerTask() {}

  /** Iterates over minibatches, and counts the units of the assignment read for them. */
  public interface Minibatches extends Iterator<MultiDataSet> {
    long unitsRead();
  }

  /**
   * Trains every minibatch in order.
   *
   * @return the state after the last, and what was trained
   */
  public static Trained train(
      Setup setup, Assignment assignment, Exchange.Snapshot start, Minibatches minibatches) {
    return TaskMemory.guarded(() -> trained(setup, assignment, start, minibatches));
  }

  private static Trained trained(
      Setup setup, Assignment assignment, Exchange.Snapshot start, Minibatches minibatches) {
    assignment.requireProcessor(ProcessorKind.here(), Tally.place());
    setup.device().attach();
    Replicas.Replica replica = Replicas.acquire(setup);
    ComputationGraph network = replica.network();
    NetworkState from = start.open();
    boolean resets = setup.config().averaging().innerState() == InnerState.RESET;
    (resets ? from.withoutInnerState() : from).copyTo(network);
    network.getConfiguration().setEpochCount(assignment.epoch());
    Nd4j.getRandom().setSeed(assignment.seed());
    Tally tally = new Tally(setup, assignment);
    while (tally.fault.isEmpty() && tally.advance(minibatches)) {
      tally.train(replica);
    }
    Trained trained = tally.result(from, network, minibatches.unitsRead());
    Replicas.release(setup, replica);
    return trained;
  }

  /** Accounts for one task while it runs. */
  private static final class Tally {
    private final Setup setup;
    private final Assignment assignment;
    private MultiDataSet batch;
    private long rows;
    private long tokens;
    private int steps;
    private double lossSum;
    private String fault = "";
    private long computeNanos;
    private long readNanos;

    Tally(Setup setup, Assignment assignment) {
      this.setup = setup;
      this.assignment = assignment;
    }

    boolean advance(Minibatches minibatches) {
      long started = System.nanoTime();
      boolean more = minibatches.hasNext();
      if (more) {
        batch = minibatches.next();
      }
      readNanos += System.nanoTime() - started;
      return more;
    }

    void train(Replicas.Replica replica) {
      long started = System.nanoTime();
      ComputationGraph network = replica.network();
      List<TrainingHook> hooks = setup.hooks();
      long size = batch.getFeatures(0).size(0);
      replica.rates().scale(assignment.clock().factorAt(setup.config().rates(), rows + size));
      hooks.forEach(hook -> hook.preUpdate(batch, network));
      try {
        network.fit(
            batch.getFeatures(),
            batch.getLabels(),
            batch.getFeaturesMaskArrays(),
            batch.getLabelsMaskArrays());
      } catch (NonFiniteInput e) {
        fault = "in its minibatch %d: %s".formatted(steps + 1, e.getMessage());
        return;
      }
      hooks.forEach(hook -> hook.postUpdate(batch, network));
      computeNanos += System.nanoTime() - started;
      steps++;
      rows += size;
      tokens += tokens(size);
      lossSum += network.score() * size;
      if (!Double.isFinite(network.score())) {
        fault = "the loss of its minibatch %d is %s".formatted(steps, network.score());
      }
    }

    private long tokens(long size) {
      if (batch instanceof CountedMinibatch counted) {
        return counted.tokens();
      }
      INDArray mask = batch.getFeaturesMaskArrays() == null ? null : batch.getFeaturesMaskArray(0);
      return mask == null ? size : mask.sumNumber().longValue();
    }

    Trained result(NetworkState from, ComputationGraph network, long unitsRead) {
      NetworkState state = null;
      if (steps > 0 && fault.isEmpty()) {
        state = after(from, network);
        if (!state.isFinite()) {
          state = null;
          fault = "its parameters are not finite after %d minibatches".formatted(steps);
        }
      }
      return new Trained(
          new WorkerResult(
              assignment.worker(),
              unitsRead,
              rows,
              tokens,
              steps,
              state == null ? from.iteration() : state.iteration(),
              lossSum,
              fault,
              computeNanos,
              readNanos,
              place(),
              ProcessorKind.here()),
          state);
    }

    private NetworkState after(NetworkState from, ComputationGraph network) {
      NetworkState state = NetworkState.of(network);
      return setup.config().averaging().innerState() == InnerState.RESET
          ? new NetworkState(state.parameters(), from.updater(), from.iteration() + steps)
          : state;
    }

    /** Returns the executor that the task runs on, for people who look for problems there. */
    private static String place() {
      SparkEnv env = SparkEnv.get();
      if (env == null) {
        return "no executor";
      }
      String gpu = Device.address(TaskContext.get());
      return "executor %s on %s%s"
          .formatted(
              env.executorId(),
              env.blockManager().blockManagerId().host(),
              gpu.isEmpty() ? "" : ", GPU " + gpu);
    }
  }
}
