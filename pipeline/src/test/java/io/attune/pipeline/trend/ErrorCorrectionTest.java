package io.attune.pipeline.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.ConfusionMatrix;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ErrorCorrectionTest {
  private static ConfusionMatrix matrix(long[]... rows) {
    ConfusionMatrix matrix = new ConfusionMatrix(rows.length);
    for (int actual = 0; actual < rows.length; actual++) {
      for (int answer = 0; answer < rows.length; answer++) {
        matrix.add(actual, answer, rows[actual][answer]);
      }
    }
    return matrix;
  }

  /** Follows the formulas of Rogan and Gladen 1978 for share and variance. */
  @Test
  void withTwoClassesItIsTheEstimatorOfRoganAndGladen() {
    ErrorCorrection correction =
        ErrorCorrection.of(matrix(new long[] {90, 10}, new long[] {30, 170}));

    CorrectedShares corrected = correction.correct(40, 60);

    double sensitivity = 0.9;
    double specificity = 0.85;
    double youden = sensitivity + specificity - 1;
    double share = (0.4 + specificity - 1) / youden;
    double variance =
        (0.4 * 0.6 / 100
                + share * share * 0.9 * 0.1 / 100
                + (1 - share) * (1 - share) * 0.85 * 0.15 / 200)
            / (youden * youden);
    assertThat(corrected.isCorrected()).isTrue();
    assertThat(corrected.shares().get(0)).isCloseTo(share, within(1e-9));
    assertThat(corrected.shares().get(1)).isCloseTo(1 - share, within(1e-9));
    double reach = 1.959964 * Math.sqrt(variance);
    assertThat(corrected.intervals().get(0).low()).isCloseTo(share - reach, within(1e-6));
    assertThat(corrected.intervals().get(0).high()).isCloseTo(share + reach, within(1e-6));
  }

  @Test
  void aPerfectModelIsNotCorrected() {
    CorrectedShares corrected =
        ErrorCorrection.of(
                matrix(new long[] {50, 0, 0}, new long[] {0, 50, 0}, new long[] {0, 0, 50}))
            .correct(10, 20, 70);

    assertThat(corrected.shares().get(0)).isCloseTo(0.1, within(1e-9));
    assertThat(corrected.shares().get(1)).isCloseTo(0.2, within(1e-9));
    assertThat(corrected.shares().get(2)).isCloseTo(0.7, within(1e-9));
  }

  @Test
  void findsTheSharesBehindTheAnswersOfThreeClasses() {
    ConfusionMatrix matrix =
        matrix(new long[] {80, 15, 5}, new long[] {10, 70, 20}, new long[] {5, 25, 70});
    // Of 1,000 documents, 500, 300 and 200 of the classes.
    CorrectedShares corrected =
        ErrorCorrection.of(matrix).correct(400 + 30 + 10, 75 + 210 + 50, 25 + 60 + 140);

    assertThat(corrected.shares().get(0)).isCloseTo(0.5, within(1e-9));
    assertThat(corrected.shares().get(1)).isCloseTo(0.3, within(1e-9));
    assertThat(corrected.shares().get(2)).isCloseTo(0.2, within(1e-9));
  }

  @Property(tries = 200)
  void sharesStayInTheSimplexAndInTheirIntervals(
      @ForAll @IntRange(max = 50) int a,
      @ForAll @IntRange(max = 50) int b,
      @ForAll @IntRange(min = 1, max = 50) int c) {
    CorrectedShares corrected =
        ErrorCorrection.of(
                matrix(new long[] {80, 15, 5}, new long[] {10, 70, 20}, new long[] {5, 25, 70}))
            .correct(a, b, c);

    assertThat(corrected.shares().stream().mapToDouble(share -> share).sum())
        .isCloseTo(1, within(1e-9));
    for (int i = 0; i < 3; i++) {
      assertThat(corrected.shares().get(i))
          .isBetween(corrected.intervals().get(i).low(), corrected.intervals().get(i).high());
      assertThat(corrected.intervals().get(i).low()).isBetween(0.0, 1.0);
      assertThat(corrected.intervals().get(i).high()).isBetween(0.0, 1.0);
    }
  }

  /** No shares of the simplex make the counts more likely; a grid is searched. */
  @Test
  void outsideTheSimplexTheMostLikelySharesAreTaken() {
    double[][] answers = {{0.8, 0.15, 0.05}, {0.1, 0.7, 0.2}, {0.05, 0.25, 0.7}};
    long[] counts = {2, 30, 68};
    CorrectedShares corrected =
        ErrorCorrection.of(
                matrix(new long[] {80, 15, 5}, new long[] {10, 70, 20}, new long[] {5, 25, 70}))
            .correct(counts);

    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= 200; i++) {
      for (int j = 0; j <= 200 - i; j++) {
        double[] shares = {i / 200.0, j / 200.0, (200 - i - j) / 200.0};
        best = Math.max(best, likelihood(answers, counts, shares));
      }
    }
    double[] found = corrected.shares().stream().mapToDouble(share -> share).toArray();
    assertThat(likelihood(answers, counts, found)).isGreaterThanOrEqualTo(best - 1e-6);
    assertThat(found[0]).isCloseTo(0, within(1e-3));
  }

  private static double likelihood(double[][] answers, long[] counts, double[] shares) {
    double sum = 0;
    for (int answer = 0; answer < counts.length; answer++) {
      double expected = 0;
      for (int i = 0; i < shares.length; i++) {
        expected += shares[i] * answers[i][answer];
      }
      sum += counts[answer] * Math.log(expected);
    }
    return sum;
  }

  /** Draws test splits and documents; the interval holds the true share in some 95 % of cases. */
  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    SplittableRandom random = new SplittableRandom(7);
    int runs = 600;
    int held = 0;
    for (int run = 0; run < runs; run++) {
      long[] first = answers(random, 150, 0.85);
      long[] second = answers(random, 250, 0.2);
      long[] documents = answers(random, 300, 0.3 * 0.85 + 0.7 * 0.2);
      CorrectedShares corrected = ErrorCorrection.of(matrix(first, second)).correct(documents);
      held +=
          corrected.intervals().get(0).low() <= 0.3 && corrected.intervals().get(0).high() >= 0.3
              ? 1
              : 0;
    }

    double error = 3 * Math.sqrt(0.95 * 0.05 / runs);
    assertThat((double) held / runs).isBetween(0.95 - error, 0.95 + error);
  }

  private static long[] answers(SplittableRandom random, int rows, double ofTheFirst) {
    long first = 0;
    for (int row = 0; row < rows; row++) {
      first += random.nextDouble() < ofTheFirst ? 1 : 0;
    }
    return new long[] {first, rows - first};
  }

  @Test
  void aModelThatGuessesOrATestSplitWithoutAClassCorrectsNothing() {
    CorrectedShares guessed =
        ErrorCorrection.of(matrix(new long[] {50, 50}, new long[] {50, 50})).correct(30, 70);
    CorrectedShares unknown =
        ErrorCorrection.of(matrix(new long[] {50, 5}, new long[] {0, 0})).correct(30, 70);

    assertThat(guessed.isCorrected()).isFalse();
    assertThat(guessed.shares()).containsExactly(0.3, 0.7);
    assertThat(guessed.intervals().get(0).low()).isZero();
    assertThat(guessed.intervals().get(0).high()).isEqualTo(1);
    assertThat(unknown.isCorrected()).isFalse();
  }

  @Test
  void refusesCountsOfNothing() {
    ErrorCorrection correction = ErrorCorrection.of(matrix(new long[] {9, 1}, new long[] {1, 9}));

    assertThatThrownBy(() -> correction.correct(0, 0))
        .hasMessage("shares of no documents are not defined");
    assertThatThrownBy(() -> correction.correct(1, 2, 3))
        .hasMessage("counts of 3 classes do not fit a confusion matrix of 2");
  }
}
