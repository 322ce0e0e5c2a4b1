package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Tests whether two models that answered the same rows are equally often right (McNemar). Only the
 * rows on which exactly one of them is right count; under the null hypothesis each such row is a
 * fair coin. Both p-values are computed from the binomial distribution, whatever the counts.
 *
 * @param candidateOnly rows that only the candidate got right
 * @param otherOnly rows that only the other model got right
 * @param rows all of them, also those that both got right or wrong
 */
public record McNemar(long candidateOnly, long otherOnly, long rows) {
  public McNemar {
    require(candidateOnly >= 0 && otherOnly >= 0, "counts of rows must not be negative");
    require(
        candidateOnly + otherOnly <= rows,
        "%d + %d discordant rows are more than all %d",
        candidateOnly,
        otherOnly,
        rows);
  }

  /** Returns the accuracy of the candidate minus that of the other; positive is better. */
  public double difference() {
    return rows == 0 ? 0 : (double) (candidateOnly - otherOnly) / rows;
  }

  /** Returns the two-sided exact p-value, which is conservative for few rows. */
  public double exactPValue() {
    return Math.min(1, 2 * tail());
  }

  /**
   * Returns the two-sided mid-p-value: the exact one without half of the probability of the
   * observed outcome. Keeps close to its level where the exact test stays far below (Fagerland,
   * Lydersen and Laake 2013).
   */
  public double midPValue() {
    return Math.min(1, 2 * tail() - coin().probability(fewer()));
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
    return discordant > 0 && difference * Math.sqrt((double) rows) >= needed;
  }

  private double tail() {
    return coin().cumulativeProbability(fewer());
  }

  private int fewer() {
    return Math.toIntExact(Math.min(candidateOnly, otherOnly));
  }

  private BinomialDistribution coin() {
    return new BinomialDistribution(null, Math.toIntExact(candidateOnly + otherOnly), 0.5);
  }
}
