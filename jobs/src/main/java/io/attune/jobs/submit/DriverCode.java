package io.attune.jobs.submit;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Derives Attune's exit code from what a cluster reports about a driver; see {@code
 * docs/EXIT_CODES.md}. A driver on YARN writes its exit code into its diagnostics, the only text
 * that YARN returns.
 */
public final class DriverCode {
  private static final Pattern MARK = Pattern.compile("\\[attune exit code ([1-9]\\d*)]");
  private static final Pattern ENDED =
      Pattern.compile(
          "due to AM Container for \\S+ exited with +exitCode: (-?\\d+)"
              + "|due to ApplicationMaster for attempt \\S+ timed out");

  /** Equals {@code ContainerExitStatus.ABORTED}, of a container that YARN released or lost. */
  private static final int ABORTED = -100;

  /** Holds the exit code of spark-submit after any failure. */
  static final int FAILED = 1;

  private static final int UNKNOWN = 1;
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  private DriverCode() {}

  /** Formats an exit code as a driver writes it at the start of its failure message. */
  public static String mark(int code) {
    return "[attune exit code %d]".formatted(code);
  }

  /**
   * Returns the exit code of a driver on YARN.
   *
   * @param submitted the exit code of spark-submit
   * @param diagnostics of the application, as YARN reports them; empty if nothing is known
   */
  static int onYarn(int submitted, String diagnostics) {
    if (submitted == 0 || isSignal(submitted)) {
      return submitted;
    }
    // Only the first mark counts: the driver's message follows it and may quote another one.
    Matcher mark = MARK.matcher(diagnostics);
    return mark.find() ? Integer.parseInt(mark.group(1)) : ofContainer(diagnostics);
  }

  /**
   * Returns the exit code of a driver in a pod. An exit code of 0 from spark-submit does not say
   * how the driver ended.
   *
   * @param submitted the exit code of spark-submit
   * @param ended the exit code of the driver's container; empty if its end was not observed
   */
  static int onKubernetes(int submitted, OptionalInt ended) {
    if (submitted != 0) {
      return elsewhere(submitted);
    }
    int code = ended.orElse(UNKNOWN);
    return code == TERMINATED ? KILLED : code; // deleted or evicted
  }

  /** Returns the exit code of a driver in a cluster that cannot be asked. */
  static int elsewhere(int submitted) {
    return submitted == 0 || isSignal(submitted) ? submitted : UNKNOWN;
  }

  /**
   * Returns the exit code of a driver that ended without reporting one. YARN's own statuses, from
   * -100 down, and SIGTERM stand for a driver that was preempted, exceeded its memory, or was lost
   * with its host or the host's disks; they count as SIGKILL.
   */
  private static int ofContainer(String diagnostics) {
    int status =
        ENDED
            .matcher(diagnostics)
            .results()
            .reduce((first, last) -> last)
            .map(DriverCode::status)
            .orElse(UNKNOWN);
    if (status == TERMINATED || (status <= ABORTED && status > -200)) {
      return KILLED;
    }
    return status > 128 && status < 200 ? status : UNKNOWN;
  }

  private static int status(MatchResult ended) {
    return ended.group(1) == null ? ABORTED : Integer.parseInt(ended.group(1));
  }

  private static boolean isSignal(int code) {
    return code > 128;
  }
}
