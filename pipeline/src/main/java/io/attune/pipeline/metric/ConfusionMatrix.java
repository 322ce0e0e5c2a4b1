package io.attune.pipeline.metric;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows by true and by predicted class, and the metrics that follow from these counts alone. All of
 * them lie in [0, 1] but for {@link #kappa}; higher is better.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1;

  private final int classes;
  private final long[] rows; // [true class * classes + predicted class]

  /** Of no rows yet. */
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

  /** The rows of both. */
  public ConfusionMatrix merge(ConfusionMatrix other) {
    require(classes == other.classes, "%d classes do not merge with %d", other.classes, classes);
    long[] sum = rows.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.rows[i];
    }
    return new ConfusionMatrix(classes, sum);
  }

  /** As if a model had answered {@code answer} to every row of this. */
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

  /** Rows of a true class. */
  public long support(int actual) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(actual, c);
    }
    return sum;
  }

  /** Rows for which a class was predicted. */
  public long predicted(int predicted) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(c, predicted);
    }
    return sum;
  }

  /** Share of right answers; 0 of no rows. */
  public double accuracy() {
    return ratio(correct(), rows());
  }

  /** Share of the rows given this class that are of it; 0 where none was given it. */
  public double precision(int c) {
    return ratio(rows(c, c), predicted(c));
  }

  /** Share of the rows of this class that were given it; 0 where there are none. */
  public double recall(int c) {
    return ratio(rows(c, c), support(c));
  }

  /** Harmonic mean of precision and recall; 0 where both are. */
  public double f1(int c) {
    return ratio(2 * rows(c, c), support(c) + predicted(c));
  }

  /**
   * Mean F1 of the classes that have rows. A class without any says nothing of a model but is not
   * free to predict: each such prediction costs another class its recall.
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
   * Agreement beyond chance (Cohen 1960): 1 is perfect, 0 is what predictions reach that know how
   * frequent the classes are but nothing of the row. 0 where chance alone agrees fully.
   */
  public double kappa() {
    double all = rows();
    double chance = 0;
    for (int c = 0; c < classes; c++) {
      chance += support(c) / all * (predicted(c) / all);
    }
    return all == 0 || chance >= 1 ? 0 : (accuracy() - chance) / (1 - chance);
  }

  /** Rows by true class, then by predicted class. */
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

  /** The cells in the order of {@link #toLists}, for {@link Bootstrap}. */
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
