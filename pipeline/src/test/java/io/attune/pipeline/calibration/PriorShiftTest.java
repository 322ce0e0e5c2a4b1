package io.attune.pipeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.calibration.PriorShift.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriorShiftTest {
  private static final double[] EVEN = {0.5, 0.5};

  /**
   * Tests against the solution by hand: with answers of 0.8 to 65 texts and of 0.2 to 35, the share
   * q of the first class has 0.8 q + 0.2 (1 - q) = 0.65.
   */
  @Test
  void findsTheShareOfTheHighestLikelihood() {
    List<float[]> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(i < 65 ? new float[] {0.8f, 0.2f} : new float[] {0.2f, 0.8f});
    }

    Estimate estimate = PriorShift.estimate(answers, EVEN);

    assertThat(estimate.shares()[0]).isCloseTo(0.75, within(1e-6));
    assertThat(estimate.shares()[1]).isCloseTo(0.25, within(1e-6));
    // 2 (65 ln(0.65 / 0.5) + 35 ln(0.35 / 0.5)) = 9.14...; one degree of freedom
    assertThat(estimate.pValue()).isCloseTo(0.0025, within(1e-4));
  }

  /** Tests one step against equation 2.9 by hand. */
  @Test
  void multipliesByTheRatioOfTheShares() {
    float[] corrected =
        PriorShift.correct(
            new float[] {0.6f, 0.3f, 0.1f},
            new double[] {0.5, 0.25, 0.25},
            new double[] {0.25, 0.25, 0.5});

    // 0.3, 0.3 and 0.2
    assertThat(corrected[0]).isCloseTo(0.375f, within(1e-6f));
    assertThat(corrected[1]).isCloseTo(0.375f, within(1e-6f));
    assertThat(corrected[2]).isCloseTo(0.25f, within(1e-6f));
  }

  @Test
  void findsSharesThatChangedAndAnswersBetterWithThem() {
    double[] training = {0.2, 0.3, 0.5};
    double[] shares = {0.7, 0.2, 0.1};
    Random random = new Random(8);
    List<float[]> answers = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      int label = drawn(random, shares);
      labels.add(label);
      answers.add(answer(random, label, training));
    }

    Estimate estimate = PriorShift.estimate(answers, training);

    for (int c = 0; c < 3; c++) {
      assertThat(estimate.shares()[c]).isCloseTo(shares[c], within(0.03));
    }
    assertThat(estimate.pValue()).isLessThan(1e-6);
    int right = 0;
    int corrected = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += best(answers.get(i)) == labels.get(i) ? 1 : 0;
      float[] better = PriorShift.correct(answers.get(i), training, estimate.shares());
      corrected += best(better) == labels.get(i) ? 1 : 0;
    }
    assertThat(corrected).isGreaterThan(right + 250); // 5 points
  }

  @Test
  void findsNothingWhereNothingChanged() {
    double[] training = {0.2, 0.3, 0.5};
    Random random = new Random(9);
    List<float[]> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(answer(random, drawn(random, training), training));
    }

    Estimate estimate = PriorShift.estimate(answers, training);

    assertThat(estimate.pValue()).isGreaterThan(0.01);
    assertThat(estimate.shares()[2]).isCloseTo(0.5, within(0.06));
  }

  @Test
  void givesAClassThatTrainingDidNotHaveNoShare() {
    double[] training = {1, 0};

    Estimate estimate = PriorShift.estimate(List.of(new float[] {0.6f, 0.4f}), training);

    assertThat(estimate.shares()).containsExactly(1, 0);
    assertThat(estimate.pValue()).isEqualTo(1);
    float[] elsewhere = {0, 1};
    assertThat(PriorShift.correct(elsewhere, training, training)).isSameAs(elsewhere);
    assertThat(PriorShift.estimate(List.of(), EVEN).shares()).containsExactly(0.5, 0.5);
    assertThatThrownBy(() -> PriorShift.correct(elsewhere, new double[] {1}, EVEN))
        .hasMessage("2 probabilities need as many shares, got 1 and 2");
  }

  /**
   * Answers as Bayes would who knows the shares of training: one number a text, normal by class.
   */
  private static float[] answer(Random random, int label, double[] training) {
    double seen = 1.5 * label + random.nextGaussian();
    double[] weights = new double[training.length];
    double sum = 0;
    for (int c = 0; c < weights.length; c++) {
      double away = seen - 1.5 * c;
      weights[c] = training[c] * Math.exp(-away * away / 2);
      sum += weights[c];
    }
    float[] answer = new float[weights.length];
    for (int c = 0; c < answer.length; c++) {
      answer[c] = (float) (weights[c] / sum);
    }
    return answer;
  }

  private static int drawn(Random random, double[] shares) {
    double drawn = random.nextDouble();
    return drawn < shares[0] ? 0 : drawn < shares[0] + shares[1] ? 1 : 2;
  }

  private static int best(float[] answer) {
    int best = 0;
    for (int c = 1; c < answer.length; c++) {
      best = answer[c] > answer[best] ? c : best;
    }
    return best;
  }
}
