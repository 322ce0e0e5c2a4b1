package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.exchange.WorkerResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StragglersTest {
  private final Stragglers stragglers = new Stragglers();

  @Test
  void namesAPlaceThatIsSlowThreeRoundsInARowOnce() {
    assertThat(stragglers.after(round(10, 11, 31))).isEmpty();
    assertThat(stragglers.after(round(10, 11, 31))).isEmpty();

    Optional<String> told = stragglers.after(round(10, 11, 33));

    assertThat(told)
        .contains(
            "worker 2 is a straggler: on place 2 a token took 3.0 times as long as elsewhere, 3"
                + " rounds in a row; all others wait for it");
    assertThat(stragglers.after(round(10, 11, 33))).isEmpty();
  }

  @Test
  void forgivesOneSlowRound() {
    for (int round = 0; round < 9; round++) {
      assertThat(stragglers.after(round(10, round % 3 == 0 ? 10 : 50))).isEmpty();
    }
  }

  @Test
  void knowsNoStragglerAmongOneWorker() {
    for (int round = 0; round < 5; round++) {
      assertThat(stragglers.after(round(1000))).isEmpty();
    }
  }

  private static List<WorkerResult> round(long... nanosPerToken) {
    List<WorkerResult> results = new java.util.ArrayList<>();
    for (int worker = 0; worker < nanosPerToken.length; worker++) {
      results.add(
          new WorkerResult(
              worker,
              1,
              1,
              100,
              1,
              1,
              0,
              "",
              nanosPerToken[worker] * 100,
              0,
              "place " + worker,
              "amd64"));
    }
    return results;
  }
}
