package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/** The data of one epoch, wherever it lies: what the master needs to run rounds over it. */
public interface Work extends AutoCloseable {
  /** Where nobody knows how many rows there are before they are read. */
  long UNKNOWN = -1;

  RoundPlan plan();

  /** Rows that the plan gives to the workers in a round, or {@link #UNKNOWN}. */
  long rowsIn(int round);

  /**
   * The tasks of a round, one partition a worker, in their order; nothing runs yet.
   *
   * @param assignments one for each worker
   */
  JavaRDD<Trained> tasks(int round, Exchange.Snapshot start, List<Assignment> assignments);

  /**
   * The units that are left after some rounds, planned anew; empty if they cannot be taken from
   * where they lie.
   */
  default Optional<Work> replanned(int made, int frequency) {
    return Optional.empty();
  }

  /** Frees what the work keeps on executors. */
  @Override
  void close();
}
