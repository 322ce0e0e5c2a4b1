package io.attune.bench.layers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Runs one implementation of a case, repeatedly. */
interface Contender extends AutoCloseable {
  String name();

  /** Takes steps, one batch each, and returns their time. */
  StepTime run(int steps);

  @Override
  void close();

  /**
   * Holds the time of steps.
   *
   * @param seconds of wall-clock time
   * @param processor seconds of all threads of the contender's process
   */
  record StepTime(double seconds, double processor) {
    private static final OperatingSystemMXBean PROCESS =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Takes steps in this process. */
    static StepTime of(int steps, Runnable step) {
      long start = System.nanoTime();
      long processor = PROCESS.getProcessCpuTime();
      for (int i = 0; i < steps; i++) {
        step.run();
      }
      return new StepTime(
          (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - processor) / 1e9);
    }

    StepTime perStep(int steps) {
      return new StepTime(seconds / steps, processor / steps);
    }
  }
}
