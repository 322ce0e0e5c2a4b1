package io.attune.pipeline.trend;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * Estimates the shares of true classes from predicted counts (Rogan and Gladen 1978, in its matrix
 * form for more than two classes). With C[i][j] the probability that the model answers j to a
 * document of class i, the predictions have the shares q = Cᵀp; the estimate is the p of the
 * simplex that makes the counts most likely: the solution of that equation where it lies in the
 * simplex.
 *
 * <p>Intervals are those of the delta method: the variance of the predictions and of the rows of C,
 * which the test split estimates, carried over by the inverse of Cᵀ. They hold where C is the same
 * for the counted documents as for the test split.
 */
public final class ErrorCorrection {
  /** The quantile of a normal distribution for an interval of 95 %. */
  private static final double REACH = 1.959963984540054;

  /** Below this singular value the answers say next to nothing of the class. */
  private static final double LEAST_SINGULAR_VALUE = 0.05;

  private static final int STEPS = 20_000;
  private static final double TOLERANCE = 1e-12;

  private final int classes;
  private final double[][] answers; // C, [true class][answer]
  private final double[] support; // test rows of each true class
  private final boolean isPossible;
  private final RealMatrix inverse; // of C transposed

  private ErrorCorrection(ConfusionMatrix confusion) {
    classes = confusion.classes();
    answers = new double[classes][classes];
    support = new double[classes];
    boolean isComplete = true;
    for (int actual = 0; actual < classes; actual++) {
      support[actual] = confusion.support(actual);
      isComplete &= support[actual] > 0;
      for (int answer = 0; answer < classes; answer++) {
        answers[actual][answer] = confusion.rows(actual, answer) / Math.max(1, support[actual]);
      }
    }
    SingularValueDecomposition parts =
        new SingularValueDecomposition(new Array2DRowRealMatrix(answers).transpose());
    isPossible = isComplete && parts.getSingularValues()[classes - 1] >= LEAST_SINGULAR_VALUE;
    inverse = parts.getSolver().getInverse();
  }

  /**
   * Returns a correction.
   *
   * @param confusion of the model on the test split
   */
  public static ErrorCorrection of(ConfusionMatrix confusion) {
    return new ErrorCorrection(confusion);
  }

  /**
   * Corrects the counts of predictions.
   *
   * @param predicted documents for which each class was predicted; at least one in all
   */
  public CorrectedShares correct(long... predicted) {
    require(
        predicted.length == classes,
        "counts of %d classes do not fit a confusion matrix of %d",
        predicted.length,
        classes);
    double documents = Arrays.stream(predicted).sum();
    require(documents > 0, "shares of no documents are not defined");
    double[] observed = new double[classes];
    for (int answer = 0; answer < classes; answer++) {
      require(predicted[answer] >= 0, "a count must be at least 0, got %d", predicted[answer]);
      observed[answer] = predicted[answer] / documents;
    }
    if (!isPossible) {
      return new CorrectedShares(
          boxed(observed), Collections.nCopies(classes, new Interval(0, 1)), false);
    }
    double[] solved = inverse.operate(observed);
    double[] shares = isInSimplex(solved) ? solved : mostLikely(observed, solved);
    return new CorrectedShares(boxed(shares), intervals(solved, shares, documents), true);
  }

  private static boolean isInSimplex(double[] shares) {
    return Arrays.stream(shares).allMatch(share -> share >= 0);
  }

  /** Climbs to the most likely shares by expectation maximization, which stays in the simplex. */
  private double[] mostLikely(double[] observed, double[] start) {
    double[] shares = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      shares[i] = Math.max(1e-3, start[i]);
      sum += shares[i];
    }
    for (int i = 0; i < classes; i++) {
      shares[i] /= sum;
    }
    double change = 1;
    for (int step = 0; step < STEPS && change > TOLERANCE; step++) {
      double[] next = new double[classes];
      for (int answer = 0; answer < classes; answer++) {
        double expected = 0;
        for (int i = 0; i < classes; i++) {
          expected += shares[i] * answers[i][answer];
        }
        for (int i = 0; i < classes && expected > 0; i++) {
          next[i] += observed[answer] * shares[i] * answers[i][answer] / expected;
        }
      }
      change = 0;
      double total = Arrays.stream(next).sum();
      for (int i = 0; i < classes; i++) {
        next[i] /= total;
        change = Math.max(change, Math.abs(next[i] - shares[i]));
      }
      shares = next;
    }
    return shares;
  }

  /**
   * Returns intervals around the solution, cut to [0, 1]. Where the solution lies outside the
   * simplex, they are widened to hold the estimate.
   */
  private List<Interval> intervals(double[] solved, double[] shares, double documents) {
    // Variances at the estimate: outside the simplex those of the solution may be negative.
    double[] expected = new double[classes];
    for (int answer = 0; answer < classes; answer++) {
      for (int i = 0; i < classes; i++) {
        expected[answer] += shares[i] * answers[i][answer];
      }
    }
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      double[] weights = inverse.getRow(i);
      double variance = variance(weights, expected) / documents;
      for (int actual = 0; actual < classes; actual++) {
        variance +=
            shares[actual] * shares[actual] * variance(weights, answers[actual]) / support[actual];
      }
      double reach = REACH * Math.sqrt(variance);
      intervals.add(
          new Interval(
              Math.max(0, Math.min(shares[i], solved[i] - reach)),
              Math.min(1, Math.max(shares[i], solved[i] + reach))));
    }
    return intervals;
  }

  /** Returns the variance of a weighted sum of one multinomial draw. */
  private static double variance(double[] weights, double[] probabilities) {
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      mean += weights[i] * probabilities[i];
      squares += weights[i] * weights[i] * probabilities[i];
    }
    return Math.max(0, squares - mean * mean);
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
