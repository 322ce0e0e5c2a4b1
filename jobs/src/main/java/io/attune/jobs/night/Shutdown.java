package io.attune.jobs.night;

/**
 * Tells whether the process is being ended by a signal, such as Ctrl-C or a scheduler's SIGTERM.
 */
public final class Shutdown {
  private Shutdown() {}

  /**
   * Returns whether the JVM has begun to shut down. Spark's own hook then stops its context under
   * the running stage, and what that stage throws is no failure of its own.
   */
  public static boolean isUnderWay() {
    Thread probe = new Thread(() -> {}, "shutdown-probe");
    try {
      Runtime.getRuntime().addShutdownHook(probe);
    } catch (IllegalStateException begun) { // documented: "in the process of shutting down"
      return true;
    }
    return !Runtime.getRuntime().removeShutdownHook(probe);
  }
}
