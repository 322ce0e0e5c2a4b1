package io.attune.jobs;

import io.attune.jobs.submit.DriverCode;

/**
 * Reports that a driver on another host failed: the cluster shows its message to the submitter, and
 * the launcher ends with the exit code in it.
 */
final class DriverFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Puts the exit code before the error of the command.
   *
   * @param code see {@code docs/EXIT_CODES.md}
   * @param said what the command printed as its error
   */
  DriverFailure(int code, String said) {
    super(DriverCode.mark(code) + " " + said.strip(), null, false, false);
  }
}
