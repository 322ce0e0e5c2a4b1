package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.report.Evaluation.Interval;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WilsonTest {

  /** Compares with Newcombe 1998, Statistics in Medicine 17, table I, method 3. */
  @Test
  void givesThePublishedIntervals() {
    assertInterval(Wilson.interval(81, 263), 0.2553, 0.3662);
    assertInterval(Wilson.interval(15, 148), 0.0624, 0.1605);
    assertInterval(Wilson.interval(0, 20), 0, 0.1611);
    assertInterval(Wilson.interval(1, 29), 0.0061, 0.1718);
  }

  @Test
  void knowsNothingOfNoRows() {
    assertThat(Wilson.interval(0, 0)).isEqualTo(new Interval(0, 1));
  }

  /** Checks that the ends are the fractions that a score test of 5 % only just does not reject. */
  @Property
  void solvesTheScoreEquation(
      @ForAll @LongRange(max = 500) long a, @ForAll @LongRange(min = 1, max = 500) long b) {
    long rows = a + b;
    double share = (double) a / rows;

    Interval interval = Wilson.interval(a, rows);

    for (double end : new double[] {interval.low(), interval.high()}) {
      double score = Math.abs(share - end) / Math.sqrt(end * (1 - end) / rows);
      if (end > 0 && end < 1) {
        assertThat(score).isCloseTo(1.959964, within(1e-4));
      }
    }
  }

  private static void assertInterval(Interval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }
}
