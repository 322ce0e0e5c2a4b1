package io.attune.neural;

import java.io.Serializable;
import java.util.Collections;
import org.apache.spark.api.java.JavaSparkContext;

/** Does something in the driver's JVM and in those of the executors. */
public final class EveryJvm {
  private EveryJvm() {}

  /** Does something that may be done any number of times. */
  @FunctionalInterface
  public interface Work extends Serializable {
    void run();
  }

  /**
   * Does the work in this JVM, and in as many tasks as there are core slots: on an idle cluster in
   * every executor, which is enough to free memory but not to depend on.
   */
  public static void run(JavaSparkContext spark, Work work) {
    work.run();
    if (!spark.isLocal()) {
      int slots = Math.max(1, spark.defaultParallelism());
      spark.parallelize(Collections.nCopies(slots, 0), slots).foreach(slot -> work.run());
    }
  }
}
