package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Computes the percentile bootstrap over rows (Efron and Tibshirani 1993, 13), or over clusters of
 * rows that are drawn as a whole (Davison and Hinkley 1997, 3.8). Rows in the same cell of a table
 * are equal, and so are clusters of the same content, so that drawing as many with replacement
 * means drawing one multinomial vector of counts: the cost is that of the cells, not of the rows.
 *
 * @param repetitions resamples; the precision of intervals and the smallest p-value follow from it
 * @param seed the same seed and table give the same result
 */
public record Bootstrap(int repetitions, long seed) {
  public Bootstrap {
    require(repetitions >= 100, "a bootstrap needs at least 100 repetitions, got %d", repetitions);
  }

  /** Resamples the macro-F1 of one model. */
  public Resampled macroF1(ConfusionMatrix confusion) {
    int classes = confusion.classes();
    return resample(confusion.cells(), cells -> ConfusionMatrix.ofCells(classes, cells).macroF1());
  }

  /** Resamples the agreement beyond chance of the candidate, by cluster. */
  public Resampled kappa(PairedOutcomes outcomes) {
    return resample(outcomes, rows -> outcomes.candidate(rows).kappa());
  }

  /** Resamples the same of the other model. */
  public Resampled kappaOfOther(PairedOutcomes outcomes) {
    return resample(outcomes, rows -> outcomes.other(rows).kappa());
  }

  /**
   * Resamples the candidate's macro-F1 minus the other model's on the same rows, by cluster and
   * over the classes that count.
   */
  public Resampled macroF1Difference(PairedOutcomes outcomes) {
    return resample(outcomes, outcomes::macroF1Difference);
  }

  /** Resamples the candidate's F1 of one class minus the other model's, by cluster. */
  public Resampled f1Difference(PairedOutcomes outcomes, int ofClass) {
    return resample(outcomes, rows -> outcomes.f1Difference(ofClass, rows));
  }

  private Resampled resample(PairedOutcomes outcomes, ToDoubleFunction<long[]> statistic) {
    long[] rows = outcomes.cells();
    return resample(
        outcomes.drawn().numbers(),
        numbers -> {
          outcomes.drawn().count(numbers, rows);
          return statistic.applyAsDouble(rows);
        });
  }

  /**
   * Resamples any table.
   *
   * @param cells rows by cell
   * @param statistic of such a table; it must not keep the array
   */
  Resampled resample(long[] cells, ToDoubleFunction<long[]> statistic) {
    RandomGenerator random = new SplittableRandom(seed);
    long[] drawn = new long[cells.length];
    double[] values = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      draw(cells, drawn, random);
      values[i] = statistic.applyAsDouble(drawn);
    }
    Arrays.sort(values);
    return new Resampled(statistic.applyAsDouble(cells.clone()), values);
  }

  /** Draws a multinomial vector, one conditional binomial after the other. */
  private static void draw(long[] cells, long[] drawn, RandomGenerator random) {
    long rowsLeft = Arrays.stream(cells).sum();
    long toDraw = rowsLeft;
    for (int i = 0; i < cells.length; i++) {
      drawn[i] =
          cells[i] == 0 ? 0 : BinomialSampler.sample(toDraw, (double) cells[i] / rowsLeft, random);
      toDraw -= drawn[i];
      rowsLeft -= cells[i];
    }
  }
}
