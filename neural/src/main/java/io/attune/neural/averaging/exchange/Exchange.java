package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.state.NetworkState;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Exchanges states between the driver and its workers. */
public sealed interface Exchange extends Serializable permits WithinJvm, BetweenJvms {

  /** Exchanges by reference if the workers are threads of the driver's own JVM, else by bytes. */
  static Exchange of(JavaSparkContext spark) {
    return spark.isLocal() ? new WithinJvm() : new BetweenJvms();
  }

  /** Represents the state that a round starts from, as a task receives it. */
  interface Snapshot extends Serializable {
    NetworkState open();
  }

  /** Represents the state that a round starts from, sent to all workers; closing it frees it. */
  interface Message extends AutoCloseable {
    Snapshot snapshot();

    @Override
    void close();
  }

  /**
   * Holds the results of the workers of a round, and their mean.
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
   * @throws io.attune.schemas.failure.Failure.BadUsage naming the setting that is in the way
   */
  void requireFits(JavaSparkContext spark, NetworkState state);
}
