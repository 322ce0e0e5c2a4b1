package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverCodeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0   | fine                                                  | 0",
        "1   | DriverFailure: [attune exit code 3] no file           | 3",
        "1   | DriverFailure: [attune exit code 3] [attune exit code 0] | 3",
        "1   | DriverFailure: [attune exit code 6] [attune exit code 7] | 6",
        "1   | Container killed                                      | 1",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 137 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -100 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -104 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 143 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 134 | 134",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 15 | 1",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -1000 | 1",
        "1   | failed 1 times due to ApplicationMaster for attempt appattempt_1_1 timed out. | 137",
        "1   | application_1_1 failed: GSSException: token of an executor | 1",
        "143 | the launcher was stopped                              | 143",
        "1   | ''                                                    | 1",
        "7   | ''                                                    | 1",
      })
  void exitCodeOnYarnIsTheOneThatTheDriverGave(int submitted, String says, int expected) {
    assertThat(DriverCode.onYarn(submitted, says)).isEqualTo(expected);
  }

  @Test
  void exitCodeIsReadAsItIsWritten() {
    assertThat(DriverCode.onYarn(1, "failed: " + DriverCode.mark(6) + " diverged")).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 3, 3", "0, 137, 137", "0, 143, 137", "1, 3, 1", "143, 3, 143"})
  void exitCodeOnKubernetesIsThatOfTheDriversContainer(int submitted, int ended, int expected) {
    assertThat(DriverCode.onKubernetes(submitted, OptionalInt.of(ended))).isEqualTo(expected);
  }

  @Test
  void podThatIsGoneWithoutAnExitCodeIsNoSuccess() {
    assertThat(DriverCode.onKubernetes(0, OptionalInt.empty())).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "6, 1", "130, 130"})
  void clusterThatCannotBeAskedLeavesWhatSparkSubmitEndedWith(int submitted, int expected) {
    assertThat(DriverCode.elsewhere(submitted)).isEqualTo(expected);
  }
}
