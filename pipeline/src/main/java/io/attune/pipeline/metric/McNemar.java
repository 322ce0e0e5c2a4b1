package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import io.attune.schemas.report.Evaluation.Interval;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Tests whether two models that answered the same rows are equally often right (McNemar). Only the
 * rows on which exactly one of them is right count; under the null hypothesis each such row is a
 * fair coin. Both p-values are computed from the binomial distribution, whatever the counts.
 *
 * <p>Rows that are copies of each other are no independent coins. Where there are such, the
 * statistic is divided by the square root of the design effect and compared with the normal
 * distribution (Eliasziw and Donner 1991).
 *
 * @param candidateOnly rows that only the candidate got right
 * @param otherOnly rows that only the other model got right
 * @param rows all of them, also those that both got right or wrong
 * @param designEffect how many times as large the variance of the difference is as with independent
 *     rows; at least 1
 */
public record McNemar(long candidateOnly, long otherOnly, long rows, double designEffect) {
  public McNemar {
    require(candidateOnly >= 0 && otherOnly >= 0, "counts of rows must not be negative");
    require(designEffect >= 1, "a design effect must be at least 1, got %s", designEffect);
    require(
        candidateOnly + otherOnly <= rows,
        "%d + %d discordant rows are more than all %d",
        candidateOnly,
        otherOnly,
        rows);
  }

  /** Compares answers to independent rows. */
  public McNemar(long candidateOnly, long otherOnly, long rows) {
    this(candidateOnly, otherOnly, rows, 1);
  }

  /** Returns whether rows are counted together that are copies of each other. */
  public boolean isClustered() {
    return designEffect > 1;
  }

  /** Returns the accuracy of the candidate minus that of the other; positive is better. */
  public double difference() {
    return rows == 0 ? 0 : (double) (candidateOnly - otherOnly) / rows;
  }

  /** Returns the two-sided exact p-value, which is conservative for few rows. */
  public double exactPValue() {
    return Math.min(1, 2 * (below() + observed()));
  }

  /**
   * Returns the two-sided mid-p-value: the exact one without half of the probability of the
   * observed outcome. Keeps close to its level where the exact test stays far below (Fagerland,
   * Lydersen and Laake 2013).
   */
  public double midPValue() {
    if (isClustered()) {
      return Math.min(1, 2 * Normal.probability(-Math.abs(clusteredScore(0))));
    }
    return Math.min(1, 2 * below() + observed());
  }

  /**
   * Returns the one-sided p-value of the hypothesis that the candidate's accuracy is lower by at
   * most {@code margin}: small where it is lower by more. Without a margin this is the mid-p-value
   * of one side; with one it is the score test of Tango (1998, eq. 6), of which McNemar's test
   * without correction is the case of no margin.
   *
   * @param margin in [0, 1)
   */
  public double lossPValue(double margin) {
    if (margin > 0 || isClustered()) {
      return Normal.probability(clusteredScore(-margin));
    }
    double fewer = below() + observed() / 2;
    return candidateOnly <= otherOnly ? Math.min(1, fewer) : 1 - fewer;
  }

  private double clusteredScore(double difference) {
    return scoreAgainst(difference) / Math.sqrt(designEffect);
  }

  /** Returns Tango's statistic: standard normal if the difference in accuracy is this. */
  double scoreAgainst(double difference) {
    if (rows == 0) {
      return 0;
    }
    double a = 2.0 * rows;
    double b = -candidateOnly - otherOnly + (2.0 * rows - candidateOnly + otherOnly) * difference;
    double c = -otherOnly * difference * (1 - difference);
    double likeliest = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
    double variance = rows * (2 * likeliest + difference * (1 - difference));
    double surplus = candidateOnly - otherOnly - rows * difference;
    return variance <= 0 ? 0 : surplus / Math.sqrt(variance);
  }

  /**
   * Returns the score interval of the difference in accuracy (Tango 1998, eq. 7): the differences
   * that {@link #scoreAgainst} does not reject, divided by the square root of the design effect.
   * All of [-1, 1] without rows.
   *
   * @param level of each end, above 0 and below 0.5
   */
  public Interval interval(double level) {
    if (rows == 0) {
      return new Interval(-1, 1);
    }
    double beyond = Normal.quantile(1 - level);
    return new Interval(limit(-1, difference(), beyond), limit(difference(), 1, -beyond));
  }

  /** Finds the difference between two others at which the score, which falls, has a value. */
  private double limit(double from, double to, double score) {
    double low = from;
    double high = to;
    while (high - low > 1e-12) {
      double middle = (low + high) / 2;
      if (middle == low || middle == high) {
        break;
      }
      if (clusteredScore(middle) > score) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return score > 0 ? high : low;
  }

  /**
   * Returns the smallest difference in accuracy that a test of 5 % on as many rows, as many of them
   * discordant, finds in 80 % of cases (Connor 1987, eq. 2). Empty where no difference that these
   * discordant rows allow would be found so often.
   */
  public OptionalDouble smallestDetectable() {
    double discordant = rows == 0 ? 0 : (double) (candidateOnly + otherOnly) / rows;
    if (!isDetectable(discordant, discordant)) {
      return OptionalDouble.empty();
    }
    double low = 0;
    double high = discordant;
    while (high - low > 1e-9) {
      double middle = (low + high) / 2;
      if (isDetectable(middle, discordant)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalDouble.of(high);
  }

  private boolean isDetectable(double difference, double discordant) {
    double needed =
        Normal.QUANTILE_975 * Math.sqrt(discordant)
            + Normal.QUANTILE_80 * Math.sqrt(discordant - difference * difference);
    return discordant > 0 && difference * Math.sqrt(rows / designEffect) >= needed;
  }

  /** Returns the probability of the outcome that was observed. */
  private double observed() {
    return coin().probability(fewer());
  }

  /**
   * Returns the probability of fewer rows than were observed, as a sum of positive terms: that of a
   * library is a difference from 1, and wrong below 1e-16.
   */
  private double below() {
    double term = observed();
    double sum = 0;
    for (long k = fewer(); k > 0 && term > sum * 1e-18; k--) {
      term *= (double) k / (candidateOnly + otherOnly - k + 1);
      sum += term;
    }
    return sum;
  }

  private int fewer() {
    return Math.toIntExact(Math.min(candidateOnly, otherOnly));
  }

  private BinomialDistribution coin() {
    return new BinomialDistribution(null, Math.toIntExact(candidateOnly + otherOnly), 0.5);
  }
}
