package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.submit.YarnDriver.Applications;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YarnDriverTest {
  @TempDir Path folder;
  private final StringWriter said = new StringWriter();
  private Submission submission;

  @BeforeEach
  void submit() throws IOException {
    submission =
        new FakeDistribution(folder).submission("nightly", "--cluster", "yarn", "-c", "news.yaml");
  }

  @Test
  void applicationIsFoundByTheTagOfTheSubmission() {
    String[] asked = {""};
    YarnDriver driver =
        driver(
            tag -> {
              asked[0] = tag;
              return List.of(
                  report(FinalApplicationStatus.FAILED, DriverCode.mark(3) + " no file"));
            });

    assertThat(driver.exitCode(1)).isEqualTo(3);
    assertThat(submission.settings().value("spark.yarn.tags")).contains(asked[0]);
    assertThat(driver.name()).contains("application_1_0007");
    assertThat(driver.printed())
        .contains("yarn logs -applicationId application_1_0007 -log_files stdout");
  }

  @Test
  void applicationThatSucceededWithoutItsSubmitterIsASuccess() {
    List<ApplicationReport> reports = List.of(report(FinalApplicationStatus.SUCCEEDED, ""));

    assertThat(driver(tag -> reports).exitCode(1)).isZero();
    assertThat(driver(tag -> reports).exitCode(143)).isEqualTo(143);
  }

  @Test
  void submissionWithoutAnApplicationEndsAsABug() {
    YarnDriver driver = driver(tag -> List.of());

    assertThat(driver.exitCode(1)).isEqualTo(1);
    assertThat(driver.printed()).isEmpty();
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void yarnThatDoesNotAnswerIsNamedUnlessAllIsWell() {
    YarnDriver driver =
        driver(
            tag -> {
              throw new IOException("connection refused");
            });

    assertThat(driver.exitCode(0)).isZero();
    assertThat(said.toString()).isEmpty();
    assertThat(driver.exitCode(1)).isEqualTo(1);
    assertThat(said.toString()).contains("YARN does not say", "connection refused");
  }

  @Test
  void yarnThatLetsNobodyInIsAskedForATicket() {
    YarnDriver driver =
        driver(
            tag -> {
              throw new IOException(
                  new AccessControlException("Client cannot authenticate via:[TOKEN, KERBEROS]"));
            });

    assertThat(driver.exitCode(0)).isZero();
    assertThatThrownBy(() -> driver.exitCode(1))
        .isInstanceOf(Failure.BadInput.class)
        .hasMessageContaining("there is no valid ticket: run kinit")
        .hasMessageContaining("spark.kerberos.keytab in " + folder.resolve("conf/yarn.conf"));
  }

  private YarnDriver driver(Applications applications) {
    return new YarnDriver(submission, applications, new PrintWriter(said, true));
  }

  private static ApplicationReport report(FinalApplicationStatus status, String diagnostics) {
    ApplicationReport report = Records.newRecord(ApplicationReport.class);
    report.setApplicationId(ApplicationId.newInstance(1, 7));
    report.setFinalApplicationStatus(status);
    report.setDiagnostics(diagnostics);
    return report;
  }
}
