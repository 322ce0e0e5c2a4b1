package io.attune.jobs.submit;

import java.util.Optional;

/** Asks a cluster about the driver that one submission sent there. */
interface Cluster extends AutoCloseable {
  /** Begins to look, before spark-submit does. */
  void watch();

  /**
   * Returns the exit code of the driver.
   *
   * @param submitted the exit code of spark-submit, which has ended
   */
  int exitCode(int submitted);

  /** Returns the application or the pod; empty if none is known. */
  Optional<String> name();

  /** Returns the command that shows what the driver printed; empty if no driver is known. */
  Optional<String> printed();

  @Override
  void close();
}
