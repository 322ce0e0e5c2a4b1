package io.attune.neural;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Limits the threads that ND4J and its BLAS may use in this JVM.
 *
 * <p>Spark runs one task on each core. More threads would fight for the cores of other tasks, and
 * would make sums depend on how busy the machine is: the same seed would no longer give the same
 * bits.
 */
public final class NativeThreads {
  /** Names the variable by which a user overrides the limit; ND4J and BLAS read it themselves. */
  private static final String CHOSEN = "OMP_NUM_THREADS";

  private NativeThreads() {}

  /** Limits each task to its own thread, unless the user chose a number for the process. */
  public static void oneForEachTask() {
    if (System.getenv(CHOSEN) == null) {
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      Nd4j.factory().blas().setMaxThreads(1);
    }
  }
}
