package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/** Represents the data of one epoch, as the master needs it to run rounds. */
public interface Work extends AutoCloseable {
  /** Stands for a number of rows that is unknown before they are read. */
  long UNKNOWN = -1;

  RoundPlan plan();

  /** Returns the rows that the plan gives to the workers in a round, or {@link #UNKNOWN}. */
  long rowsIn(int round);

  /**
   * Returns the tasks of a round, one partition a worker, in their order; nothing runs yet.
   *
   * @param assignments one for each worker
   */
  JavaRDD<Trained> tasks(int round, Exchange.Snapshot start, List<Assignment> assignments);

  /**
   * Returns a new plan of the units that are left after some rounds; empty if they cannot be
   * planned again.
   */
  default Optional<Work> replanned(int made, int frequency) {
    return Optional.empty();
  }

  /** Frees what the work keeps on executors. */
  @Override
  void close();
}
