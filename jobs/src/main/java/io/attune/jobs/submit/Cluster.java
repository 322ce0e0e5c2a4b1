package io.attune.jobs.submit;

import java.util.Optional;

/** Asks a cluster about the driver of one submission. */
interface Cluster extends AutoCloseable {
  /** Starts to watch for the driver; called before spark-submit starts. */
  void watch();

  /**
   * Returns the exit code of the driver.
   *
   * @param submitted the exit code of spark-submit, which has ended
   */
  int exitCode(int submitted);

  /** Returns the id of the application or the name of the pod; empty if none is known. */
  Optional<String> name();

  /** Returns the command that shows what the driver printed; empty if no driver is known. */
  Optional<String> printed();

  @Override
  void close();
}
