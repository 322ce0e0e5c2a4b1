package io.attune.pipeline.surge;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Fits counts with a log link by iteratively reweighted least squares (McCullagh and Nelder 1989,
 * 2.5): an intercept, a trend if asked for, and the levels of the factors. Rows are sparse, one
 * entry a factor, so that a step costs rows times the square of the number of factors.
 *
 * <p>Start, steps and end are those of R's {@code glm}: a first fit starts from the counts plus
 * 0.1, and each ends when the deviance changes by less than 1e-8 of itself, after 25 steps at most.
 * Without shrinkage the first level of each factor is the one that others are compared with; with
 * it every level has a coefficient and a ridge penalty.
 */
final class LogLinear {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);
  private static final double TOLERANCE = 1e-8;
  private static final int STEPS = 25;

  /** One row of so many is left out of the trimmed dispersion. */
  private static final int TRIMMED = 10;

  /** Is 1 over the integral of z² over a normal distribution without its highest tenth. */
  private static final double TRIMMED_VARIANCE = 1.4815;

  /** Keeps the mean of a level without counts above 0: at 1e-10. */
  private static final double LEAST_LOG_MEAN = -23;

  private final Rows rows;
  private final boolean hasTrend;
  private final double shrinkage;
  private final double[] priors;
  private final int columns;
  private final int[][] columnOf; // [factor][level], -1 if the level has none
  private final int[][] entries; // [row][factor], the column of the row's level or -1
  // The time of rows is centred and scaled: the fit is the same, its matrix better conditioned.
  private final double origin;
  private final double span;

  private final double[] times; // scaled
  private final double[] logCounts; // 0 for a count of 0
  private final double[] logMeans;
  private final double[] means;
  private final double[] weights; // of the last step
  private double[] coefficients = {};
  private double[][] inverse = {};

  private LogLinear(Rows rows, boolean hasTrend, double shrinkage, double[] priors) {
    this.rows = rows;
    this.hasTrend = hasTrend;
    this.shrinkage = shrinkage;
    this.priors = priors;
    this.columnOf = new int[rows.factors()][];
    this.columns = numberColumns(hasTrend ? 2 : 1);
    this.entries = new int[rows.rows()][rows.factors()];
    for (int row = 0; row < rows.rows(); row++) {
      for (int factor = 0; factor < rows.factors(); factor++) {
        entries[row][factor] = columnOf[factor][rows.level(row, factor)];
      }
    }
    this.origin = rows.time(rows.rows() - 1);
    this.span = Math.max(1, origin - rows.time(0));
    this.times = new double[rows.rows()];
    this.logCounts = new double[rows.rows()];
    for (int row = 0; row < times.length; row++) {
      times[row] = scaled(rows.time(row));
      logCounts[row] = rows.count(row) == 0 ? 0 : Math.log(rows.count(row));
    }
    this.logMeans = new double[rows.rows()];
    this.means = new double[rows.rows()];
    this.weights = new double[rows.rows()];
  }

  private LogLinear(LogLinear of, double[] priors) {
    this.rows = of.rows;
    this.hasTrend = of.hasTrend;
    this.shrinkage = of.shrinkage;
    this.priors = priors;
    this.columns = of.columns;
    this.columnOf = of.columnOf;
    this.entries = of.entries;
    this.origin = of.origin;
    this.span = of.span;
    this.times = of.times;
    this.logCounts = of.logCounts;
    this.logMeans = of.logMeans.clone();
    this.means = of.means.clone();
    this.weights = new double[times.length];
  }

  /**
   * Fits rows.
   *
   * @param priors one weight a row
   * @return the fit, or null if it did not converge or levels cannot be told apart
   */
  static LogLinear fit(Rows rows, boolean hasTrend, double shrinkage, double[] priors) {
    if (rows.rows() == 0) {
      return null;
    }
    LogLinear fit = new LogLinear(rows, hasTrend, shrinkage, priors);
    if (rows.rows() <= fit.columns && shrinkage == 0) {
      return null;
    }
    for (int row = 0; row < fit.means.length; row++) {
      fit.means[row] = rows.count(row) + 0.1;
      fit.logMeans[row] = Math.log(fit.means[row]);
    }
    return fit.converges() ? fit : null;
  }

  /** Fits the same rows with other weights, from this fit on; null if that does not converge. */
  LogLinear again(double[] otherPriors) {
    LogLinear fit = new LogLinear(this, otherPriors);
    return fit.converges() ? fit : null;
  }

  private int numberColumns(int first) {
    int next = first;
    for (int factor = 0; factor < columnOf.length; factor++) {
      boolean[] isPresent = new boolean[rows.size(factor)];
      // With shrinkage a level without rows is as uncertain as the penalty says.
      Arrays.fill(isPresent, shrinkage > 0);
      for (int row = 0; row < rows.rows(); row++) {
        isPresent[rows.level(row, factor)] = true;
      }
      columnOf[factor] = new int[isPresent.length];
      Arrays.fill(columnOf[factor], -1);
      boolean isReference = shrinkage == 0;
      for (int level = 0; level < isPresent.length; level++) {
        if (isPresent[level]) {
          if (!isReference) {
            columnOf[factor][level] = next++;
          }
          isReference = false;
        }
      }
    }
    return next;
  }

  private boolean converges() {
    double deviance = deviance();
    for (int step = 0; step < STEPS; step++) {
      if (!solve()) {
        return false;
      }
      for (int row = 0; row < means.length; row++) {
        logMeans[row] = Math.max(LEAST_LOG_MEAN, logMean(times[row], entries[row]));
        means[row] = Math.exp(logMeans[row]);
      }
      double last = deviance;
      deviance = deviance();
      if (Double.isNaN(deviance) || Double.isInfinite(deviance)) {
        return false;
      }
      if (Math.abs(deviance - last) / (Math.abs(deviance) + 0.1) < TOLERANCE) {
        return true;
      }
    }
    return false;
  }

  /** Solves the weighted normal equations of one step. */
  private boolean solve() {
    double[][] matrix = new double[columns][columns];
    double[] right = new double[columns];
    int first = hasTrend ? 2 : 1;
    for (int column = first; column < columns; column++) {
      matrix[column][column] = shrinkage;
    }
    for (int row = 0; row < means.length; row++) {
      double weight = priors[row] * means[row];
      double target = weight * (logMeans[row] + (rows.count(row) - means[row]) / means[row]);
      weights[row] = weight;
      matrix[0][0] += weight;
      right[0] += target;
      double time = times[row];
      if (hasTrend) {
        matrix[1][0] += weight * time;
        matrix[1][1] += weight * time * time;
        right[1] += target * time;
      }
      int[] columnsOfRow = entries[row];
      for (int factor = 0; factor < columnsOfRow.length; factor++) {
        int column = columnsOfRow[factor];
        if (column >= 0) {
          matrix[column][0] += weight;
          if (hasTrend) {
            matrix[column][1] += weight * time;
          }
          // Columns of later factors are greater, so only the lower triangle is filled.
          for (int other = 0; other <= factor; other++) {
            if (columnsOfRow[other] >= 0) {
              matrix[column][columnsOfRow[other]] += weight;
            }
          }
          right[column] += target;
        }
      }
    }
    mirror(matrix);
    try {
      RealMatrix solved =
          new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-10, 1e-12)
              .getSolver()
              .getInverse();
      inverse = solved.getData();
      coefficients = solved.operate(right);
      return true;
    } catch (NonPositiveDefiniteMatrixException singular) {
      return false;
    }
  }

  private static void mirror(double[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        matrix[j][i] = matrix[i][j];
      }
    }
  }

  private double scaled(double time) {
    return (time - origin) / span;
  }

  private double logMean(double time, int[] columnsOfRow) {
    double sum = coefficients[0] + (hasTrend ? coefficients[1] * time : 0);
    for (int column : columnsOfRow) {
      if (column >= 0) {
        sum += coefficients[column];
      }
    }
    return sum;
  }

  private double deviance() {
    double sum = 0;
    for (int row = 0; row < means.length; row++) {
      double count = rows.count(row);
      sum += 2 * priors[row] * (count * (logCounts[row] - logMeans[row]) - (count - means[row]));
    }
    return sum;
  }

  /** Returns the rows less the effective number of coefficients: the trace of the hat matrix. */
  double degreesOfFreedom() {
    double freedom = rows.rows() - columns;
    for (int column = hasTrend ? 2 : 1; column < columns; column++) {
      freedom += shrinkage * inverse[column][column];
    }
    return Math.max(1, freedom);
  }

  /** Returns Pearson's estimate of variance divided by mean. */
  double dispersion() {
    return squares(weights) / degreesOfFreedom();
  }

  /** Returns the standard error of {@link #dispersion}, from how squared residuals vary. */
  double dispersionError() {
    double mean = squares(weights) / means.length;
    double sum = 0;
    for (int row = 0; row < means.length; row++) {
      double residual = (rows.count(row) - means[row]) / means[row];
      double difference = weights[row] * residual * residual - mean;
      sum += difference * difference;
    }
    return Math.sqrt(sum) / degreesOfFreedom();
  }

  /**
   * Estimates the dispersion from the rows without the tenth that is farthest above its fit, so
   * that surges do not hide behind the variance that they cause.
   */
  double trimmedDispersion() {
    double[] residuals = new double[means.length];
    for (int row = 0; row < means.length; row++) {
      residuals[row] = (rows.count(row) - means[row]) * Math.sqrt(priors[row] / means[row]);
    }
    Arrays.sort(residuals);
    double sum = 0;
    for (int row = 0; row < residuals.length - residuals.length / TRIMMED; row++) {
      sum += residuals[row] * residuals[row];
    }
    return TRIMMED_VARIANCE * sum / degreesOfFreedom();
  }

  /** Returns the weighted mean of squared working residuals, for {@link Errors#SURVEILLANCE}. */
  double dispersionByPriors() {
    return squares(priors) / degreesOfFreedom();
  }

  private double squares(double[] by) {
    double sum = 0;
    for (int row = 0; row < means.length; row++) {
      double residual = (rows.count(row) - means[row]) / means[row];
      sum += by[row] * residual * residual;
    }
    return sum;
  }

  private double leverage(int row) {
    return weights[row] * unscaledVariance(times[row], entries[row]);
  }

  /**
   * Returns the standardized Anscombe residual of a row (Farrington et al. 1996, 3.6); 0 if it is
   * negative.
   */
  double residual(int row, double dispersion) {
    double mean = means[row];
    if (rows.count(row) <= mean) {
      return 0;
    }
    double raw =
        1.5 * (Math.pow(rows.count(row), 2.0 / 3) * Math.pow(mean, -1.0 / 6) - Math.sqrt(mean));
    return raw / Math.sqrt(dispersion * Math.max(1e-12, 1 - leverage(row)));
  }

  /**
   * Returns the normal quantile of a row's probability to be exceeded, under a negative binomial
   * distribution; 0 for counts less than a standard deviation above their mean.
   */
  double normalScore(int row, double dispersion) {
    double deviation = Math.sqrt(means[row] * dispersion);
    if (rows.count(row) <= means[row] + deviation) {
      return 0;
    }
    double probability = new NegativeBinomial(means[row], dispersion).atLeast(rows.count(row));
    return -NORMAL.inverseCumulativeProbability(Math.max(1e-300, probability));
  }

  private double unscaledVariance(double time, int[] columnsOfRow) {
    double sum = inverse[0][0];
    if (hasTrend) {
      sum += time * (2 * inverse[1][0] + time * inverse[1][1]);
    }
    for (int column : columnsOfRow) {
      if (column >= 0) {
        sum += 2 * (inverse[column][0] + (hasTrend ? time * inverse[column][1] : 0));
        for (int other : columnsOfRow) {
          sum += other >= 0 ? inverse[column][other] : 0;
        }
      }
    }
    return sum;
  }

  private int[] entriesNow() {
    int[] now = new int[rows.factors()];
    for (int factor = 0; factor < now.length; factor++) {
      now[factor] = columnOf[factor][rows.levelNow(factor)];
    }
    return now;
  }

  /** Returns the logarithm of the mean of the row to forecast. */
  double forecast() {
    return logMean(scaled(rows.timeNow()), entriesNow());
  }

  /** Returns the variance of {@link #forecast}, for a dispersion of 1. */
  double forecastVariance() {
    return Math.max(0, unscaledVariance(scaled(rows.timeNow()), entriesNow()));
  }

  /** Returns the change of the logarithm from one unit of time to the next. */
  double trend() {
    return coefficients[1] / span;
  }

  /** Returns the trend divided by its standard error, for a dispersion of 1. */
  double trendStatistic() {
    return coefficients[1] / Math.sqrt(inverse[1][1]);
  }
}
