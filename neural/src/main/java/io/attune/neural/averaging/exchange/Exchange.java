package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** How states travel between the driver and its workers. */
public sealed interface Exchange extends Serializable permits WithinJvm, BetweenJvms {

  /** By reference where the workers are threads of the driver's own JVM, by bytes elsewhere. */
  static Exchange of(JavaSparkContext spark) {
    return spark.isLocal() ? new WithinJvm() : new BetweenJvms();
  }

  /** A state on its way. */
  interface Snapshot extends Serializable {
    NetworkState open();
  }

  /** The state that a round starts from, on its way to the workers; closing it frees it. */
  interface Message extends AutoCloseable {
    Snapshot snapshot();

    @Override
    void close();
  }

  /**
   * What the workers of a round did.
   *
   * @param results in the order of the workers
   * @param mean of the states of those whose result counts; empty if there is none
   */
  record ReduceResult(List<WorkerResult> results, Optional<NetworkState> mean) {}

  /**
   * Sends the state that a round starts from.
   *
   * @param name of the round, unique in this JVM
   */
  Message send(JavaSparkContext spark, String name, NetworkState state);

  /**
   * Runs the tasks of a round as one Spark job, and averages what they return as {@link
   * WeightedMean} does, to the bit.
   *
   * @param name of the round
   * @param start what was sent
   */
  ReduceResult reduce(JavaRDD<Trained> tasks, String name, Snapshot start);

  /**
   * Refuses a network that cannot travel, before any work.
   *
   * @throws io.attune.schemas.failure.Failure.BadUsage saying which setting is in its way
   */
  void requireFits(JavaSparkContext spark, NetworkState state);
}
