package io.attune.jobs.submit;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Asks YARN about the application of one submission, which is found by its tag. */
final class YarnDriver implements Cluster {
  /**
   * Limits how long an unreachable ResourceManager is retried, since spark-submit has waited
   * already.
   */
  private static final long PATIENCE_MS = 30_000;

  private static final long BETWEEN_MS = 2_000;

  private final Submission submission;
  private final Applications applications;
  private final PrintWriter err;
  private Optional<ApplicationReport> report = Optional.empty();

  YarnDriver(Submission submission, Applications applications, PrintWriter err) {
    this.submission = submission;
    this.applications = applications;
    this.err = err;
  }

  /** Finds applications by a tag. */
  interface Applications {
    List<ApplicationReport> tagged(String tag) throws IOException, YarnException;
  }

  /** Returns the tag of a submission's application. */
  static String tag(String id) {
    return "attune-" + id;
  }

  /** Returns the applications with a tag, from the ResourceManager of Hadoop's configuration. */
  static List<ApplicationReport> ask(Configuration hadoop, Submission submission, String tag)
      throws IOException, YarnException {
    YarnConfiguration yarn = new YarnConfiguration(hadoop);
    String patience = YarnConfiguration.RESOURCEMANAGER_CONNECT_MAX_WAIT_MS;
    yarn.setLong(patience, Math.min(PATIENCE_MS, yarn.getLong(patience, PATIENCE_MS)));
    yarn.setLong(YarnConfiguration.RESOURCEMANAGER_CONNECT_RETRY_INTERVAL_MS, BETWEEN_MS);
    Ticket.logIn(yarn, submission);
    try (YarnClient client = YarnClient.createYarnClient()) {
      client.init(yarn);
      client.start();
      return client.getApplications(
          Set.of(), EnumSet.noneOf(YarnApplicationState.class), Set.of(tag));
    }
  }

  /** Does nothing, since YARN is asked only after spark-submit has ended. */
  @Override
  public void watch() {}

  @Override
  public int exitCode(int submitted) {
    try {
      report = applications.tagged(tag(submission.id())).stream().findFirst();
    } catch (IOException | YarnException | RuntimeException e) {
      if (submitted != 0 && Ticket.isMissing(e)) {
        throw Ticket.lacking(submission);
      }
      if (submitted != 0) {
        err.printf("attune: YARN does not say what became of it: %s%n", e.getMessage());
      }
    }
    if (report.isPresent() && hasSucceeded(report.get()) && submitted == DriverCode.FAILED) {
      return 0; // the driver succeeded; only spark-submit failed
    }
    String diagnostics = report.map(ApplicationReport::getDiagnostics).orElse("");
    return DriverCode.onYarn(submitted, diagnostics == null ? "" : diagnostics);
  }

  private static boolean hasSucceeded(ApplicationReport report) {
    return report.getFinalApplicationStatus() == FinalApplicationStatus.SUCCEEDED;
  }

  @Override
  public Optional<String> name() {
    return report.map(found -> found.getApplicationId().toString());
  }

  @Override
  public Optional<String> printed() {
    return name().map("yarn logs -applicationId %s -log_files stdout"::formatted);
  }

  @Override
  public void close() {}
}
