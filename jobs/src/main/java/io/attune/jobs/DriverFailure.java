package io.attune.jobs;

import io.attune.jobs.submit.DriverCode;

/**
 * How a driver on another host ends badly: the cluster shows its message to whoever submitted, and
 * the launcher ends with the exit code that stands in it.
 */
final class DriverFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the one message.
   *
   * @param code see {@code docs/EXIT_CODES.md}
   * @param said what the command printed as its error
   */
  DriverFailure(int code, String said) {
    super(DriverCode.mark(code) + " " + said.strip(), null, false, false);
  }
}
