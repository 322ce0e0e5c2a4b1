package io.attune.pipeline.encoder;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Measures work that the JVM compiles while it runs, at first many times as slow as later: again
 * and again, until it gets no faster.
 */
public final class SteadySpeed {
  /** Is how much less time is clearly less. */
  private static final double FASTER = 0.95;

  /** Is how often in a row it must be no faster. */
  private static final int STEADY = 2;

  /** Limits the measurements. */
  private static final int MOST = 12;

  /** Limits the time after which no other begins: on a slow machine one alone takes seconds. */
  private static final Duration MOST_TIME = Duration.ofSeconds(4);

  private SteadySpeed() {}

  /**
   * Returns the least time.
   *
   * @param time of some of the work, measured anew by each call
   */
  public static double seconds(DoubleSupplier time) {
    long started = System.nanoTime();
    double best = time.getAsDouble();
    int steady = 0;
    for (int i = 1; i < MOST && steady < STEADY; i++) {
      if (System.nanoTime() - started > MOST_TIME.toNanos()) {
        break;
      }
      double next = time.getAsDouble();
      steady = next < FASTER * best ? 0 : steady + 1;
      best = Math.min(best, next);
    }
    return best;
  }
}
