package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts rows by true and by predicted class, and computes the metrics that follow from these
 * counts alone. All of them lie in [0, 1] but for {@link #kappa}; higher is better.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1;

  private final int classes;
  private final long[] rows; // [true class * classes + predicted class]

  /** Starts without rows. */
  public ConfusionMatrix(int classes) {
    require(classes >= 1, "a confusion matrix must have at least 1 class, got %d", classes);
    this.classes = classes;
    this.rows = new long[classes * classes];
  }

  private ConfusionMatrix(int classes, long[] rows) {
    this.classes = classes;
    this.rows = rows;
  }

  /** Counts {@code count} more rows. */
  public void add(int actual, int predicted, long count) {
    require(actual >= 0 && actual < classes, "no such true class: %d of %d", actual, classes);
    require(predicted >= 0 && predicted < classes, "no such class: %d of %d", predicted, classes);
    rows[actual * classes + predicted] += count;
  }

  /** Adds the rows of another. */
  public ConfusionMatrix merge(ConfusionMatrix other) {
    require(classes == other.classes, "%d classes do not merge with %d", other.classes, classes);
    long[] sum = rows.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.rows[i];
    }
    return new ConfusionMatrix(classes, sum);
  }

  /** Returns the matrix of a model that answers {@code answer} to every row of this one. */
  public ConfusionMatrix answeringAlways(int answer) {
    ConfusionMatrix constant = new ConfusionMatrix(classes);
    for (int c = 0; c < classes; c++) {
      constant.add(c, answer, support(c));
    }
    return constant;
  }

  public int classes() {
    return classes;
  }

  public long rows() {
    long sum = 0;
    for (long count : rows) {
      sum += count;
    }
    return sum;
  }

  public long rows(int actual, int predicted) {
    return rows[actual * classes + predicted];
  }

  public long correct() {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(c, c);
    }
    return sum;
  }

  /** Returns the rows of a true class. */
  public long support(int actual) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(actual, c);
    }
    return sum;
  }

  /** Returns the rows for which a class was predicted. */
  public long predicted(int predicted) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(c, predicted);
    }
    return sum;
  }

  /** Returns the fraction of right answers; 0 without rows. */
  public double accuracy() {
    return ratio(correct(), rows());
  }

  /**
   * Returns the fraction of the rows predicted as this class that belong to it; 0 where none was.
   */
  public double precision(int c) {
    return ratio(rows(c, c), predicted(c));
  }

  /**
   * Returns the fraction of the rows of this class that were predicted as it; 0 where there are
   * none.
   */
  public double recall(int c) {
    return ratio(rows(c, c), support(c));
  }

  /** Returns the harmonic mean of precision and recall; 0 where both are 0. */
  public double f1(int c) {
    return ratio(2 * rows(c, c), support(c) + predicted(c));
  }

  /**
   * Returns the mean F1 of the classes that have rows. A class without rows says nothing about a
   * model; predicting it costs another class its recall.
   */
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (support(c) > 0) {
        sum += f1(c);
        present++;
      }
    }
    return present == 0 ? 0 : sum / present;
  }

  /**
   * Returns the agreement beyond chance (Cohen 1960): 1 is perfect, 0 is the agreement of
   * predictions that follow the frequency of the classes and do not depend on the row. 0 where
   * chance alone agrees fully.
   */
  public double kappa() {
    double chance = chance();
    return rows() == 0 || chance >= 1 ? 0 : (accuracy() - chance) / (1 - chance);
  }

  /** Returns the accuracy of answers as frequent as these that do not depend on the row. */
  public double chance() {
    double all = rows();
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += support(c) / all * (predicted(c) / all);
    }
    return chance;
  }

  /** Returns the rows by true class, then by predicted class. */
  public List<List<Long>> toLists() {
    List<List<Long>> lists = new ArrayList<>();
    for (int actual = 0; actual < classes; actual++) {
      List<Long> list = new ArrayList<>();
      for (int predicted = 0; predicted < classes; predicted++) {
        list.add(rows(actual, predicted));
      }
      lists.add(list);
    }
    return lists;
  }

  /** Returns the cells in the order of {@link #toLists}, for {@link Bootstrap}. */
  long[] cells() {
    return rows.clone();
  }

  static ConfusionMatrix ofCells(int classes, long[] cells) {
    return new ConfusionMatrix(classes, cells);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
