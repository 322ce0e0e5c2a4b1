package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/** Exchanges states with threads of the driver's own JVM: they stay in memory. */
public record WithinJvm() implements Exchange {
  private static final long serialVersionUID = 1;

  private static final ClassTag<WorkerResult> RESULT = ClassTag$.MODULE$.apply(WorkerResult.class);

  /** Holds the states of rounds that run in this JVM, by name. */
  private static final ConcurrentMap<String, NetworkState> STATES = new ConcurrentHashMap<>();

  private record LocalSnapshot(String name) implements Snapshot {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      NetworkState state = STATES.get(name);
      if (state == null) {
        throw new IllegalStateException(
            "The state '" + name + "' belongs to a round that has ended");
      }
      return state;
    }
  }

  @Override
  public Message send(JavaSparkContext spark, String name, NetworkState state) {
    STATES.put(name, state);
    return new Message() {
      @Override
      public Snapshot snapshot() {
        return new LocalSnapshot(name);
      }

      @Override
      public void close() {
        STATES.keySet().removeIf(key -> key.equals(name) || key.startsWith(name + "/"));
      }
    };
  }

  @Override
  public ReduceResult reduce(JavaRDD<Trained> tasks, String name, Snapshot start) {
    List<WorkerResult> results =
        List.of((WorkerResult[]) tasks.context().runJob(tasks.rdd(), new KeepResult(name), RESULT));
    List<WeightedMean.Weighted> states = new ArrayList<>();
    for (WorkerResult result : results) {
      if (result.counts()) {
        states.add(
            new WeightedMean.Weighted(
                new LocalSnapshot(name + "/" + result.worker()).open(), result.rows()));
      }
    }
    return new ReduceResult(
        results, states.isEmpty() ? Optional.empty() : Optional.of(WeightedMean.of(states)));
  }

  /** Keeps the result of a task; a task that is run again replaces its first result. */
  private static final class KeepResult
      extends AbstractFunction2<TaskContext, Iterator<Trained>, WorkerResult>
      implements Serializable { // not a lambda, for the same reason as in TaskRdd
    private static final long serialVersionUID = 1;
    private final String name;

    KeepResult(String name) {
      this.name = name;
    }

    @Override
    public WorkerResult apply(TaskContext context, Iterator<Trained> one) {
      Trained trained = one.next();
      if (trained.state() != null) {
        STATES.put(name + "/" + trained.result().worker(), trained.state());
      }
      return trained.result();
    }
  }

  /** Accepts every network: nothing travels. */
  @Override
  public void requireFits(JavaSparkContext spark, NetworkState state) {}

  /** Returns the number of states in memory; 0 between rounds. */
  public static int waiting() {
    return STATES.size();
  }
}
