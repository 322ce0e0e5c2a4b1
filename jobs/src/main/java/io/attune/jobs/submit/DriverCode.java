package io.attune.jobs.submit;

import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what a cluster says of a driver into an exit code of Attune's; see {@code
 * docs/EXIT_CODES.md}. A driver on YARN writes its own into the reason of its failure, which is all
 * that YARN hands back.
 */
public final class DriverCode {
  private static final Pattern MARK = Pattern.compile("\\[attune exit code ([1-9]\\d*)]");
  private static final Pattern ENDED =
      Pattern.compile(
          "due to AM Container for \\S+ exited with +exitCode: (-?\\d+)"
              + "|due to ApplicationMaster for attempt \\S+ timed out");

  /** YARN's own code of a container that it lost. */
  private static final int ABORTED = -100;

  /** What spark-submit ends with, whatever the reason. */
  static final int FAILED = 1;

  private static final int UNKNOWN = 1;
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  private DriverCode() {}

  /** Returns an exit code as it stands at the head of a driver's failure. */
  public static String mark(int code) {
    return "[attune exit code %d]".formatted(code);
  }

  /**
   * Returns the exit code of a driver on YARN.
   *
   * @param submitted the exit code of spark-submit
   * @param diagnostics what YARN says of the application; empty if nothing is known
   */
  static int onYarn(int submitted, String diagnostics) {
    if (submitted == 0 || isSignal(submitted)) {
      return submitted;
    }
    // The first: what follows it is the driver's message, which may quote anything.
    Matcher mark = MARK.matcher(diagnostics);
    return mark.find() ? Integer.parseInt(mark.group(1)) : ofContainer(diagnostics);
  }

  /**
   * Returns the exit code of a driver in a pod. With 0 spark-submit says nothing of it.
   *
   * @param submitted the exit code of spark-submit
   * @param ended the exit code of the driver's container; empty if nobody saw it end
   */
  static int onKubernetes(int submitted, OptionalInt ended) {
    if (submitted != 0) {
      return elsewhere(submitted);
    }
    int code = ended.orElse(UNKNOWN);
    return code == TERMINATED ? KILLED : code; // deleted or evicted: nobody can tell
  }

  /** Returns the exit code of a driver in a cluster that cannot be asked. */
  static int elsewhere(int submitted) {
    return submitted == 0 || isSignal(submitted) ? submitted : UNKNOWN;
  }

  /**
   * Returns what YARN says of a driver that was killed or taken away and said nothing itself, as a
   * signal: YARN's own codes, from -100 down, and TERM are a driver that was preempted, took too
   * much memory, or was lost with its host or the host's disks.
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
