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

/** Workers that are threads of the driver's own JVM: states stay where they are. */
public record WithinJvm() implements Exchange {
  private static final long serialVersionUID = 1;

  private static final ClassTag<WorkerResult> RESULT = ClassTag$.MODULE$.apply(WorkerResult.class);

  /** States on their way within this JVM, by name. */
  private static final ConcurrentMap<String, NetworkState> STATES = new ConcurrentHashMap<>();

  private record LocalSnapshot(String name) implements Snapshot {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      NetworkState state = STATES.get(name);
      if (state == null) {
        throw new IllegalStateException("The state '" + name + "' is of a round that is over");
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

  /** Keeps what a task trained; a task that is run again replaces its first answer. */
  private static final class KeepResult
      extends AbstractFunction2<TaskContext, Iterator<Trained>, WorkerResult>
      implements Serializable { // and no lambda, for the reason of TaskRdd
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

  /** Nothing is in the way: nothing travels. */
  @Override
  public void requireFits(JavaSparkContext spark, NetworkState state) {}

  /** States that are on their way; 0 between rounds. */
  public static int waiting() {
    return STATES.size();
  }
}
