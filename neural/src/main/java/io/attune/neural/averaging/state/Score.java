package io.attune.neural.averaging.state;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Scores a classifying network on some rows; scores of parts merge to that of the whole.
 *
 * @param rows that were scored
 * @param lossSum negative log-likelihood of all labels of all rows, in nats
 * @param heads one for each output of the network
 */
public record Score(double rows, double lossSum, List<Head> heads) implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Counts the rows that have a label for one output, by class.
   *
   * @param support rows with the label
   * @param predicted rows that were answered with it
   * @param correct rows where both hold
   */
  @SuppressWarnings("ArrayRecordComponent") // Sums; never compared.
  public record Head(double[] support, double[] predicted, double[] correct)
      implements Serializable {
    private static final long serialVersionUID = 1;

    /** Returns the counts of no rows. */
    public static Head none(int classes) {
      return new Head(new double[classes], new double[classes], new double[classes]);
    }

    Head merge(Head other) {
      return new Head(
          sum(support, other.support),
          sum(predicted, other.predicted),
          sum(correct, other.correct));
    }

    /** Returns the number of rows that have a label. */
    public double labelled() {
      return DoubleStream.of(support).sum();
    }

    /** Returns the fraction answered correctly; 0 without rows. */
    public double accuracy() {
      double labelled = labelled();
      return labelled == 0 ? 0 : DoubleStream.of(correct).sum() / labelled;
    }

    /** Returns the mean F1 of the classes that have rows, in [0, 1]; 0 without rows. */
    public double macroF1() {
      double sum = 0;
      int present = 0;
      for (int c = 0; c < support.length; c++) {
        if (support[c] > 0) {
          sum += 2 * correct[c] / (support[c] + predicted[c]);
          present++;
        }
      }
      return present == 0 ? 0 : sum / present;
    }

    private static double[] sum(double[] one, double[] other) {
      require(
          one.length == other.length,
          "scores of one output have the same classes, got %d and %d",
          one.length,
          other.length);
      double[] sum = one.clone();
      for (int c = 0; c < sum.length; c++) {
        sum[c] += other[c];
      }
      return sum;
    }
  }

  public Score {
    heads = List.copyOf(heads);
  }

  /** Returns the score of both together. */
  public Score merge(Score other) {
    require(
        heads.size() == other.heads.size(),
        "scores of one network have the same outputs, got %d and %d",
        heads.size(),
        other.heads.size());
    List<Head> merged = new ArrayList<>();
    for (int head = 0; head < heads.size(); head++) {
      merged.add(heads.get(head).merge(other.heads.get(head)));
    }
    return new Score(rows + other.rows, lossSum + other.lossSum, merged);
  }

  /** Returns the mean over the rows of the sum over their labels; lower is better. */
  public double loss() {
    return lossSum / Math.max(1, rows);
  }

  /** Returns the mean over the outputs with labelled rows of the fraction correct; in [0, 1]. */
  public double accuracy() {
    return heads.stream()
        .filter(head -> head.labelled() > 0)
        .mapToDouble(Head::accuracy)
        .average()
        .orElse(0);
  }

  /** Returns the mean over the outputs with labelled rows of their macro-F1; in [0, 1]. */
  public double macroF1() {
    return heads.stream()
        .filter(head -> head.labelled() > 0)
        .mapToDouble(Head::macroF1)
        .average()
        .orElse(0);
  }
}
