package io.attune.pipeline.metric;

import io.attune.schemas.report.VerdictRecord.PowerRecord;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Says how often a model that is exactly as good as the one in use passes the gate, by the normal
 * approximation: on a head with the probability that its difference lies so far above the margin,
 * and not so far below zero, as the tests ask for. Heads count as independent; where they are not,
 * the probability is higher (Šidák 1967, corollary 1).
 *
 * @param heads that must pass; may be empty
 * @param level of the one-sided test of the margin
 * @param veto the level of the veto on each head, and its margin
 */
public record PromotionPower(List<Head> heads, double level, Veto veto) {
  /** Sets the probability that {@link #rowsForFourInFive} asks for. */
  private static final double WANTED = 0.8;

  private static final double MOST_TIMES_AS_MANY = 1e6;

  /**
   * Describes one head.
   *
   * @param rows of the test split with a label of it
   * @param standardError of the difference of two models on these rows
   * @param margin that the difference may lie below zero by
   */
  public record Head(long rows, double standardError, double margin) {}

  /** Describes the veto: its level, and the loss in accuracy that it lets pass. */
  public record Veto(double level, double margin) {}

  public PromotionPower {
    heads = List.copyOf(heads);
  }

  /** Returns the rows of the head with most. */
  public long rows() {
    return heads.stream().mapToLong(Head::rows).max().orElse(0);
  }

  /** Returns the probability with the rows that there are. */
  public double probability() {
    return probability(1);
  }

  /**
   * Returns the number of rows that would make the probability 80 %; empty where no number does,
   * because on so many heads the veto alone keeps more out.
   */
  public OptionalLong rowsForFourInFive() {
    double low = 0;
    double high = 1;
    while (probability(high) < WANTED) {
      low = high;
      high *= 2;
      if (high > MOST_TIMES_AS_MANY) {
        return OptionalLong.empty();
      }
    }
    while (high - low > 1e-9 * high) {
      double middle = (low + high) / 2;
      if (probability(middle) < WANTED) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return OptionalLong.of((long) Math.ceil(high * rows()));
  }

  /** Returns the figures as they are published. */
  public PowerRecord toRecord() {
    OptionalLong needed = rowsForFourInFive();
    return new PowerRecord(rows(), probability(), needed.isPresent() ? needed.getAsLong() : null);
  }

  /** Returns what it means for the nights to come, as a sentence. */
  public String sentence() {
    return sentence(probability(), rowsForFourInFive());
  }

  /** Returns the sentence for a probability and the rows that would make it 80 %. */
  public static String sentence(double probability, OptionalLong rowsForFourInFive) {
    String now =
        String.format(
            Locale.ROOT,
            "With these rows an equally good model is promoted in %.0f %% of nights",
            100 * probability);
    if (probability >= WANTED) {
      return now + ".";
    }
    return rowsForFourInFive.isPresent()
        ? String.format(
            Locale.ROOT, "%s; %,d rows would make it 80 %%.", now, rounded(rowsForFourInFive))
        : now + "; no number of rows makes it 80 % while so many heads must pass.";
  }

  /** Rounds up to two digits: the number is an estimate. */
  private static long rounded(OptionalLong rows) {
    long unit = 1;
    while (rows.getAsLong() / unit >= 100) {
      unit *= 10;
    }
    return (rows.getAsLong() + unit - 1) / unit * unit;
  }

  private double probability(double timesAsMany) {
    double all = 1;
    for (Head head : heads) {
      double error = head.standardError() / Math.sqrt(timesAsMany);
      double passes = error == 0 ? 1 : Normal.probability(reach(head, error));
      all *= passes;
    }
    return all;
  }

  /** Returns how many standard errors the difference may lie below zero. */
  private double reach(Head head, double error) {
    double vetoed = Normal.quantile(1 - veto.level() / heads.size()) + veto.margin() / error;
    return Math.min(head.margin() / error - Normal.quantile(1 - level), vetoed);
  }
}
