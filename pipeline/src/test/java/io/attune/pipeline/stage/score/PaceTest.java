package io.attune.pipeline.stage.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static Pace after(double seconds, double budgetMinutes) {
    long started = System.nanoTime() - (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    return new Pace(budgetMinutes * TimeUnit.MINUTES.toNanos(1), started);
  }

  @Test
  void withoutALimitAllIsReadAtOnce() {
    assertThat(after(0, Double.POSITIVE_INFINITY).reach(0, 50_000_000)).isEqualTo(50_000_000);
  }

  @Test
  void aLittleIsReadFirstAndThenWhatItsTimeAllows() {
    assertThat(after(0, 2).reach(0, 400)).isEqualTo(400);
    assertThat(after(0, 2).reach(0, 9_000)).isEqualTo(1_000);
    assertThat(after(20, 2).reach(1_000, 90_000)).isBetween(5_500L, 6_000L);
    assertThat(after(20, 2).reach(1_000, 3_000)).isEqualTo(3_000);
  }

  @Test
  void aRestOfTheTimeIsNotUsed() {
    assertThat(after(60, 2).leavesTime()).isTrue();
    assertThat(after(100, 2).leavesTime()).isFalse();
    assertThat(after(200, 2).leavesTime()).isFalse();
  }

  @Test
  void whateverTimeThereIsAFirstJobIsDone() {
    Pace none = Pace.of(1e-12);

    assertThat(none.reach(0, 9_000)).isEqualTo(1_000);
  }
}
