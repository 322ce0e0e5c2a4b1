package io.attune.neural;

import java.io.Serializable;
import java.util.Collections;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something in the driver's JVM and in those of the executors. */
public final class EveryJvm {
  private static final Logger LOG = LoggerFactory.getLogger(EveryJvm.class);

  private EveryJvm() {}

  /** Does something that may be done any number of times. */
  @FunctionalInterface
  public interface Work extends Serializable {
    void run();
  }

  /**
   * Does the work in this JVM, and in as many tasks as there are core slots: on an idle cluster in
   * every executor, which is enough to free memory but not to depend on. Where Spark cannot run
   * these tasks, a warning is logged: what is done before or fails for another reason matters more.
   */
  public static void run(JavaSparkContext spark, Work work) {
    work.run();
    if (!spark.isLocal()) {
      try {
        int slots = Math.max(1, spark.defaultParallelism());
        spark.parallelize(Collections.nCopies(slots, 0), slots).foreach(slot -> work.run());
      } catch (Exception e) { // Scala throws undeclared checked exceptions
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        LOG.warn("Memory of executors was not freed; they keep it until they end", e);
      }
    }
  }
}
