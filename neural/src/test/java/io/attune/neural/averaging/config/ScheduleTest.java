package io.attune.neural.averaging.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.Schedule.Kind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Property
  void risesToTheWholeRateAndNeverFallsBelowItsFloor(
      @ForAll Kind kind,
      @ForAll @IntRange(min = 1, max = 500) int warmUp,
      @ForAll @IntRange(min = 1, max = 5000) int examples,
      @ForAll @DoubleRange(min = 0, max = 1) double floor,
      @ForAll @IntRange(min = 1, max = 10_000) int seen) {
    Schedule.Curve schedule = new Schedule(kind, floor, warmUp).over(1, examples);

    double share = schedule.factorAt(seen);

    assertThat(share).isLessThanOrEqualTo(1 + 1e-12);
    if (seen < warmUp) {
      assertThat(share).isEqualTo((double) seen / warmUp);
    } else {
      assertThat(share).isGreaterThanOrEqualTo(floor - 1e-12);
      assertThat(schedule.factorAt(seen + 1)).isLessThanOrEqualTo(share + 1e-12);
    }
    assertThat(schedule.factorAt(warmUp)).isCloseTo(1, within(1e-12));
  }

  @Test
  void goesDownAsItsKindSays() {
    assertThat(new Schedule(Kind.LINEAR, 0.1, 100).over(1, 300).factorAt(200)).isEqualTo(0.55);
    assertThat(new Schedule(Kind.COSINE, 0, 0).over(1, 400).factorAt(100))
        .isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
    assertThat(new Schedule(Kind.COSINE, 0.2, 0).over(1, 400).factorAt(400))
        .isCloseTo(0.2, within(1e-12));
    assertThat(new Schedule(Kind.INVERSE_SQUARE_ROOT, 0, 25).over(4, 0).factorAt(400))
        .isEqualTo(0.5);
    assertThat(Schedule.CONSTANT.over(1, 0).factorAt(1e12)).isEqualTo(1);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> new Schedule(Kind.INVERSE_SQUARE_ROOT, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs warm-up-steps above 0");
    assertThatThrownBy(() -> new Schedule(Kind.COSINE, 0, 0).over(16, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a schedule that ends must be told after how many examples, got 0");
  }
}
