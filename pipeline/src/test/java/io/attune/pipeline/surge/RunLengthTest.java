package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLengthTest {

  /** Runs the sum itself until it reaches the limit, many times. */
  @ParameterizedTest
  @CsvSource({"0.2, 0.0, 30, 100", "0.1, 0.02, 30, 365", "0.4, 0.05, 200, 100"})
  void simulatedRunsHaveTheStatedLength(
      double share, double correlation, int documents, double stated) {
    BetaBinomial usual = new BetaBinomial(share, correlation);
    double[] in = usual.logProbabilities(documents);
    double[] out = new BetaBinomial(1.4 * share, correlation).logProbabilities(documents);
    double[] below = new double[documents + 1];
    RunLength run = new RunLength();
    double sum = 0;
    for (int count = 0; count <= documents; count++) {
      run.add(out[count] - in[count], Math.exp(in[count]));
      sum += Math.exp(in[count]);
      below[count] = sum;
    }
    double limit = run.limit(stated);

    SplittableRandom random = new SplittableRandom(1);
    int runs = 2000;
    double days = 0;
    for (int i = 0; i < runs; i++) {
      double height = 0;
      while (height < limit) {
        double draw = random.nextDouble();
        int count = 0;
        while (count < documents && below[count] < draw) {
          count++;
        }
        height = Math.max(0, height + out[count] - in[count]);
        days++;
      }
    }

    // Counts are whole, so that the length jumps with the limit: some percent more are allowed.
    double error = 3 * stated / Math.sqrt(runs);
    assertThat(days / runs).isCloseTo(stated, within(error + 0.08 * stated));
  }

  @Test
  void withoutRisesNothingEverAlarms() {
    RunLength run = new RunLength();
    run.add(-0.5, 1);

    assertThat(run.days(12)).isGreaterThanOrEqualTo(1e9);
    assertThat(run.limit(365)).isPositive();
  }

  @Test
  void aRiseEveryDayAlarmsWhenItsSumIsReached() {
    RunLength run = new RunLength();
    run.add(0.5, 1);

    assertThat(run.days(24)).isCloseTo(4, within(1e-9));
  }
}
