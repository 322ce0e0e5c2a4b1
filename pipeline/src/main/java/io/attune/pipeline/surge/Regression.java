package io.attune.pipeline.surge;

import io.attune.pipeline.surge.CountOptions.Learning;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Forecasts a count by the regression of Farrington et al. (1996) and Noufaily et al. (2013):
 * quasi-Poisson, fitted twice. Between the two, rows far above their fit are given less weight. A
 * trend is kept if it is significant and forecasts no more than was ever seen.
 *
 * @param learning thresholds and shrinkage
 * @param errors the scale of standard errors
 * @param mayTrend whether a trend is tried; it needs three years of history in the papers
 */
record Regression(Learning learning, Errors errors, boolean mayTrend) {
  /** Says below which mean a tenth of the rows may be all that are not 0. */
  private static final double LEAST_MEAN = 5;

  /** Says from which size on residuals of a negative binomial count are about normal. */
  private static final double LEAST_SIZE = 5;

  /** Returns the forecast; empty if neither fit converges. */
  Optional<Forecast> forecast(Rows rows) {
    if (mayTrend) {
      Fit fit = fit(rows, true);
      if (fit != null) {
        double mean = Math.exp(fit.model.forecast());
        if (significance(fit) < learning.trendSignificance() && mean <= rows.largest()) {
          return Optional.of(fit.forecast(fit.model.trend()));
        }
      }
    }
    return Optional.ofNullable(fit(rows, false)).map(fit -> fit.forecast(Double.NaN));
  }

  private static double significance(Fit fit) {
    double statistic = fit.model.trendStatistic() / Math.sqrt(fit.scale);
    TDistribution student = new TDistribution(null, fit.model.degreesOfFreedom());
    return 2 * student.cumulativeProbability(-Math.abs(statistic));
  }

  /**
   * Holds a fitted model.
   *
   * @param dispersion at least 1
   * @param scale of the variance of coefficients
   */
  private record Fit(LogLinear model, double dispersion, double scale) {
    Forecast forecast(double trend) {
      return new Forecast(
          model.forecast(), Math.sqrt(model.forecastVariance() * scale), dispersion, trend);
    }
  }

  private Fit fit(Rows rows, boolean hasTrend) {
    double[] equal = new double[rows.rows()];
    Arrays.fill(equal, 1);
    LogLinear first = LogLinear.fit(rows, hasTrend, learning.shrinkage(), equal);
    if (first == null) {
      return null;
    }
    double dispersion = Math.max(1, first.dispersion());
    if (Double.isInfinite(learning.outlier())) {
      return new Fit(first, dispersion(first, rows), scale(first, first.dispersion()));
    }
    double[] weights = weights(residuals(first, dispersion, rows));
    // R starts each fit anew, and ends it a little off where another start does.
    LogLinear second =
        errors == Errors.SURVEILLANCE
            ? LogLinear.fit(rows, hasTrend, learning.shrinkage(), weights)
            : first.again(weights);
    if (second == null) {
      return null;
    }
    return new Fit(
        second,
        dispersion(second, rows),
        errors == Errors.SURVEILLANCE
            ? second.dispersionByPriors()
            : scale(second, second.dispersion()));
  }

  /**
   * Returns standardized residuals. They are Anscombe's, measured by the trimmed dispersion, so
   * that surges are not hidden by the variance that they cause; but where counts come in bursts,
   * which is a negative binomial of a small size, bursts are the rule: then all rows tell the
   * dispersion, and residuals are the normal scores of that distribution, to which Anscombe's are
   * no likeness.
   */
  private double[] residuals(LogLinear first, double dispersion, Rows rows) {
    Residuals from = new Residuals(first, rows);
    double trimmed = Math.max(1, Math.min(dispersion, from.trimmedDispersion()));
    boolean isBursty =
        rows.total() / rows.rows() < Math.max(LEAST_MEAN, LEAST_SIZE * (trimmed - 1));
    double[] residuals = new double[rows.rows()];
    for (int row = 0; row < residuals.length; row++) {
      if (errors == Errors.SURVEILLANCE) {
        residuals[row] = from.anscombe(row, dispersion);
      } else if (isBursty) {
        residuals[row] = from.normalScore(row, dispersion);
      } else {
        residuals[row] = from.anscombe(row, trimmed);
      }
    }
    return residuals;
  }

  /**
   * Returns the dispersion to forecast with. It is one standard error above its estimate, since the
   * estimate is most often too low where few days, or few bursts, tell it.
   */
  private double dispersion(LogLinear model, Rows rows) {
    double error = errors == Errors.SURVEILLANCE ? 0 : new Residuals(model, rows).dispersionError();
    return Math.max(1, model.dispersion() + error);
  }

  private double scale(LogLinear model, double dispersion) {
    // A dispersion below that of a Poisson count is taken for chance, where R keeps it.
    return errors == Errors.SURVEILLANCE ? model.dispersion() : Math.max(1, dispersion);
  }

  /** Returns weights that are 1 on average: 1/residual² above the threshold, equal below it. */
  private double[] weights(double[] residuals) {
    double[] weights = new double[residuals.length];
    double sum = 0;
    for (int row = 0; row < weights.length; row++) {
      double residual = residuals[row];
      weights[row] = residual > learning.outlier() ? 1 / (residual * residual) : 1;
      sum += weights[row];
    }
    for (int row = 0; row < weights.length; row++) {
      weights[row] *= weights.length / sum;
    }
    return weights;
  }
}
