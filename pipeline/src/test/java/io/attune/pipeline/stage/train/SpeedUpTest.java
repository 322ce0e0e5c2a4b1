package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.Totals;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedUpTest {
  /** Holds the totals of 100 s, in 95 s of which every core slot computes. */
  private static final Totals TOTAL = new Totals(64, 640, 30, 100, 95, 1);

  @Test
  void saysWhatWorkersGainedAtMostAndWhatThatIsFrom() {
    assertThat(SpeedUp.of(TOTAL, rounds(2, 2), 2))
        .isEqualTo(
            "; 2 workers were at most 1.9 times as fast as 1 (2 at a time, computing 95 % of"
                + " the time); averaging took 4 %, reading 1 %");
  }

  @Test
  void workersThatWaitForACoreGainNothing() {
    assertThat(SpeedUp.of(TOTAL, rounds(4, 4), 2))
        .startsWith("; 4 workers were at most 1.9 times as fast as 1 (2 at a time,");
  }

  @Test
  void saysNothingOfGainWhereItCannotBeSaid() {
    String costOnly = "; averaging took 4 %, reading 1 % of the time";

    assertThat(SpeedUp.of(TOTAL, rounds(1, 1), 2)).isEqualTo(costOnly);
    assertThat(SpeedUp.of(TOTAL, rounds(2, 3), 4)).isEqualTo(costOnly);
  }

  private static List<Ledger.Entry> rounds(int first, int second) {
    return List.of(new Ledger.Entry(1, 1, first, 32, 32), new Ledger.Entry(1, 2, second, 32, 32));
  }
}
