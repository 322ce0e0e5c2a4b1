package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogLinearTest {
  private static double[] ones(int rows) {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void withOneFactorTheMeanOfEachLevelIsTheForecast() {
    double[] counts = {3, 10, 5, 14, 4, 12};
    Rows rows = new Rows(2);
    for (int row = 0; row < counts.length; row++) {
      rows.add(row, counts[row], row % 2);
    }
    rows.forecastAt(6, 1);

    LogLinear fit = LogLinear.fit(rows, false, 0, ones(6));

    assertThat(Math.exp(fit.forecast())).isCloseTo(12, within(1e-6));
    // The variance of the logarithm of a mean is 1 over the sum of counts.
    assertThat(fit.forecastVariance()).isCloseTo(1 / 36.0, within(1e-6));
    assertThat(fit.degreesOfFreedom()).isEqualTo(4);
  }

  @Test
  void findsTheTrendThatCountsFollow() {
    Rows rows = new Rows();
    for (int row = 0; row < 50; row++) {
      rows.add(1000 + row, 100 * Math.exp(0.02 * row));
    }
    rows.forecastAt(1060);

    LogLinear fit = LogLinear.fit(rows, true, 0, ones(50));

    assertThat(fit.trend()).isCloseTo(0.02, within(1e-8));
    assertThat(Math.exp(fit.forecast())).isCloseTo(100 * Math.exp(1.2), within(1e-5));
  }

  /** Compares with a dense solution of the score equations by Newton steps. */
  @Test
  void agreesWithPlainNewtonStepsOnDenseColumns() {
    Random random = new Random(1);
    int size = 200;
    double[] counts = new double[size];
    double[] priors = new double[size];
    double[][] columns = new double[size][];
    Rows rows = new Rows(3, 2);
    for (int row = 0; row < size; row++) {
      int a = row % 3;
      int b = random.nextInt(2);
      counts[row] = random.nextInt(10 + 5 * a + 3 * b);
      priors[row] = 0.5 + random.nextDouble();
      rows.add(row, counts[row], a, b);
      columns[row] = new double[] {1, row / 100.0, a == 1 ? 1 : 0, a == 2 ? 1 : 0, b};
    }
    rows.forecastAt(size, 2, 1);

    LogLinear fit = LogLinear.fit(rows, true, 0, priors);

    double[] solution = newton(columns, counts, priors);
    double expected = solution[0] + 2 * solution[1] + solution[3] + solution[4];
    assertThat(fit.forecast()).isCloseTo(expected, within(1e-8));
    assertThat(fit.trend()).isCloseTo(solution[1] / 100, within(1e-8));
  }

  private static double[] newton(double[][] columns, double[] counts, double[] priors) {
    int width = columns[0].length;
    double[] solution = new double[width];
    solution[0] = Math.log(Arrays.stream(counts).average().orElseThrow());
    for (int step = 0; step < 50; step++) {
      double[][] matrix = new double[width][width + 1];
      for (int row = 0; row < counts.length; row++) {
        double log = 0;
        for (int i = 0; i < width; i++) {
          log += columns[row][i] * solution[i];
        }
        double mean = Math.exp(log);
        for (int i = 0; i < width; i++) {
          for (int j = 0; j < width; j++) {
            matrix[i][j] += priors[row] * mean * columns[row][i] * columns[row][j];
          }
          matrix[i][width] += priors[row] * (counts[row] - mean) * columns[row][i];
        }
      }
      for (int pivot = 0; pivot < width; pivot++) {
        for (int i = 0; i < width; i++) {
          double factor = i == pivot ? 0 : matrix[i][pivot] / matrix[pivot][pivot];
          for (int j = pivot; j <= width && i != pivot; j++) {
            matrix[i][j] -= factor * matrix[pivot][j];
          }
        }
      }
      for (int i = 0; i < width; i++) {
        solution[i] += matrix[i][width] / matrix[i][i];
      }
    }
    return solution;
  }

  @Test
  void shrinkageKeepsALevelWithoutCountsFinite() {
    Rows rows = new Rows(2);
    for (int row = 0; row < 40; row++) {
      rows.add(row, row % 2 == 0 ? 20 : 0, row % 2);
    }
    rows.forecastAt(41, 1);

    LogLinear fit = LogLinear.fit(rows, false, 1, ones(40));

    assertThat(Math.exp(fit.forecast())).isBetween(0.001, 0.5);
  }

  @Test
  void withShrinkageALevelWithoutRowsIsUncertain() {
    Rows rows = new Rows(3);
    for (int row = 0; row < 40; row++) {
      rows.add(row, 20, row % 2);
    }
    rows.forecastAt(41, 2);

    LogLinear fit = LogLinear.fit(rows, false, 1, ones(40));

    assertThat(Math.exp(fit.forecast())).isCloseTo(20, within(2.0));
    assertThat(fit.forecastVariance()).isGreaterThan(1);
    assertThat(fit.degreesOfFreedom()).isBetween(37.9, 39.0);
  }

  @Test
  void noRowsHaveNoFit() {
    assertThat(LogLinear.fit(new Rows(2), false, 1, new double[0])).isNull();
  }
}
