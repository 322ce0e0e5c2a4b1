package io.attune.pipeline.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.model.Combination.HeadWeights;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogPoolFitTest {
  /** Bounds what the pull towards (0.5, 0.5) may cost in nats: its value at (1, 0). */
  private static final double PULL = 1;

  @Test
  void isNeverWorseThanTheBestPartButForThePull() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int rows = 1 + random.nextInt(60);
      HeadWeights fitted = fit(random, rows, random.nextDouble(), random.nextDouble(), 2 + i % 4);

      assertThat(fitted.network()).isNotNegative();
      assertThat(fitted.linear()).isNotNegative();
      assertThat(fitted.rows()).isEqualTo(rows);
      assertThat(fitted.loss() * rows)
          .isLessThan(Math.min(fitted.networkLoss(), fitted.linearLoss()) * rows + PULL + 1e-9);
    }
  }

  @Test
  void noOtherWeightsAreBetter() {
    Random random = new Random(2);
    for (int i = 0; i < 20; i++) {
      LogPoolFit fit = filled(random, 40, 0.2 + 0.6 * random.nextDouble(), 0.1, 3);
      HeadWeights fitted = fit.fit("topic");
      double best = fit.objective(fitted.network(), fitted.linear());
      for (double network = 0; network <= 3; network += 0.05) {
        for (double linear = 0; linear <= 3; linear += 0.05) {
          assertThat(fit.objective(network, linear)).isGreaterThan(best - 1e-6);
        }
      }
    }
  }

  @Test
  void givesAPartThatKnowsNothingNoWeight() {
    Random random = new Random(3);

    HeadWeights fitted = fit(random, 2000, 0.8, 0, 3);

    assertThat(fitted.network()).isGreaterThan(0.5);
    assertThat(fitted.linear()).isLessThan(0.1);
    assertThat(fitted.loss()).isLessThan(fitted.linearLoss());
  }

  @Test
  void keepsTheExpectedWeightsWithoutRows() {
    assertThat(new LogPoolFit().fit("topic"))
        .isEqualTo(new HeadWeights("topic", 0.5, 0.5, 0, null, null, null));
  }

  /** Tests that a few rows that both parts get right do not let the weights run away. */
  @Test
  void staysModestOnAFewRowsWithoutErrors() {
    LogPoolFit fit = new LogPoolFit();
    for (int row = 0; row < 300; row++) {
      fit.add(new float[] {0.9f, 0.1f}, new float[] {0.8f, 0.2f}, 0);
    }

    HeadWeights fitted = fit.fit("topic");

    assertThat(fitted.network()).isBetween(0.5, 2.5);
    assertThat(fitted.linear()).isBetween(0.5, 2.5);
  }

  @Test
  void combinesByTheProductOfPowers() {
    float[] network = {0.5f, 0.3f, 0.2f};
    float[] linear = {0.1f, 0.6f, 0.3f};

    float[] combined = LogPool.combine(network, linear, 0.5, 2);

    double[] slow = new double[3];
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      slow[c] = Math.sqrt(network[c]) * linear[c] * linear[c];
      sum += slow[c];
    }
    for (int c = 0; c < 3; c++) {
      assertThat((double) combined[c]).isCloseTo(slow[c] / sum, within(1e-6));
    }
    assertThat(LogPool.combine(network, null, 0.5, 2)).isSameAs(network);
    assertThat(LogPool.combine(network, new float[] {0, 1, 0}, 1, 0))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(network);
  }

  private static HeadWeights fit(
      Random random, int rows, double network, double linear, int classes) {
    return filled(random, rows, network, linear, classes).fit("topic");
  }

  /** Adds rows that the parts answer at random, better the more they know. */
  private static LogPoolFit filled(
      Random random, int rows, double network, double linear, int classes) {
    LogPoolFit fit = new LogPoolFit();
    for (int row = 0; row < rows; row++) {
      int label = random.nextInt(classes);
      fit.add(
          answer(random, label, network, classes), answer(random, label, linear, classes), label);
    }
    return fit;
  }

  private static float[] answer(Random random, int label, double knows, int classes) {
    float[] answer = new float[classes];
    float sum = 0;
    for (int c = 0; c < classes; c++) {
      answer[c] = (float) Math.exp(random.nextGaussian() + (c == label ? 3 * knows : 0));
      sum += answer[c];
    }
    for (int c = 0; c < classes; c++) {
      answer[c] /= sum;
    }
    return answer;
  }
}
