package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Says what the labelled test rows of a head allow, before two models have answered them.
 *
 * @param byClass rows of each class; at least one class has some
 */
public record TestRows(List<Long> byClass) {
  /**
   * Sets the fraction of rows on which exactly one of two models of the same task is right, where
   * none has been measured: models that are trained on nearly the same rows disagree on 5 to 12 %.
   */
  static final double DISAGREEMENT = 0.08;

  /** Bounds margins that are taken from the rows: below, no loss that a reader would notice. */
  static final double SMALLEST_MARGIN = 0.005;

  /** Bounds margins that are taken from the rows: a larger loss is one, however few rows are. */
  static final double LARGEST_MARGIN = 0.03;

  private static final double POWER = 0.8;

  public TestRows {
    byClass = byClass.stream().filter(rows -> rows > 0).toList();
    require(!byClass.isEmpty(), "a head must have test rows");
  }

  /** Returns the rows that two models answered; there must be some. */
  public static TestRows of(PairedOutcomes outcomes) {
    ConfusionMatrix confusion = outcomes.candidate();
    return new TestRows(
        IntStream.range(0, confusion.classes()).mapToObj(confusion::support).toList());
  }

  /** Returns the classes that have a number of rows; all of them where none has so many. */
  public TestRows atLeast(long leastRows) {
    List<Long> many = byClass.stream().filter(rows -> rows >= leastRows).toList();
    return many.isEmpty() ? this : new TestRows(many);
  }

  /** Returns the number of rows. */
  public long rows() {
    return byClass.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Returns the standard error of the difference in macro-F1 of two equally good models: the mean
   * over K classes of differences with variances d / n_c, where d is {@link #DISAGREEMENT}.
   */
  public double standardError() {
    double inverses = byClass.stream().mapToDouble(rows -> 1.0 / rows).sum();
    return Math.sqrt(DISAGREEMENT * inverses) / byClass.size();
  }

  /**
   * Returns the margin that these rows can serve: the smallest with which an equally good model
   * passes in four nights of five on all heads together, rounded up to a thousandth, from {@value
   * #SMALLEST_MARGIN} to {@value #LARGEST_MARGIN}. It depends on the numbers of rows alone, never
   * on answers to them.
   *
   * @param heads that must pass
   * @param level of each one-sided test
   */
  public double margin(int heads, double level) {
    double each = Math.pow(POWER, 1.0 / heads);
    double wanted = (Normal.quantile(1 - level) + Normal.quantile(each)) * standardError();
    double rounded = Math.ceil(1000 * wanted - 1e-9) / 1000;
    return Math.max(SMALLEST_MARGIN, Math.min(LARGEST_MARGIN, rounded));
  }
}
