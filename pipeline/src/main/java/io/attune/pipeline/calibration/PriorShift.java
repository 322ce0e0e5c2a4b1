package io.attune.pipeline.calibration;

import static io.attune.schemas.Requirements.require;

import java.util.List;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Estimates the shares of the classes among texts whose labels are not known, from the answers of a
 * classifier that was trained where they had other shares, and corrects its answers for them
 * (Saerens, Latinne and Decaestecker 2002, 2.3, eqs. 2.4 and 2.9). It holds where only the shares
 * have changed, not what texts of a class are like, and where the answers are calibrated.
 */
public final class PriorShift {
  private static final double PRECISE = 1e-9;

  /** Bounds the work: rows times classes times steps. */
  private static final double MOST_WORK = 5e8;

  private static final int MOST_STEPS = 2_000;
  private static final int LEAST_STEPS = 50;

  private PriorShift() {}

  /**
   * Holds what was estimated.
   *
   * @param shares by class; they add up to 1, and are 0 for classes that had none in training
   * @param pValue of the likelihood-ratio test that the shares are those of training (2002, 4):
   *     small where they have changed; 1 where there is nothing to tell
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on at once; never compared.
  public record Estimate(double[] shares, int steps, double pValue) {}

  /**
   * Finds the shares of the highest likelihood by expectation-maximisation, from those of training
   * on. The rows are summed up in the order given.
   *
   * @param answers probabilities by class, one vector for each text
   * @param training shares of the classes in training; they add up to 1
   */
  public static Estimate estimate(List<float[]> answers, double[] training) {
    double[] shares = training.clone();
    if (answers.isEmpty()) {
      return new Estimate(shares, 0, 1);
    }
    double work = (double) answers.size() * training.length;
    int most = (int) Math.max(LEAST_STEPS, Math.min(MOST_STEPS, MOST_WORK / work));
    int steps = 0;
    double change = Double.POSITIVE_INFINITY;
    while (change > PRECISE && steps < most) {
      double[] next = next(answers, training, shares);
      change = 0;
      for (int c = 0; c < shares.length; c++) {
        change = Math.max(change, Math.abs(next[c] - shares[c]));
      }
      shares = next;
      steps++;
    }
    return new Estimate(shares, steps, pValue(answers, training, shares));
  }

  /**
   * Returns the answer to a text where the classes have other shares.
   *
   * @param probabilities by class, of a classifier that was trained with the shares {@code
   *     training}
   */
  public static float[] correct(float[] probabilities, double[] training, double[] shares) {
    require(
        training.length == probabilities.length && shares.length == probabilities.length,
        "%d probabilities need as many shares, got %d and %d",
        probabilities.length,
        training.length,
        shares.length);
    double[] weighted = weighted(probabilities, training, shares);
    double sum = sum(weighted);
    if (sum == 0) { // all on classes that training did not have
      return probabilities;
    }
    float[] corrected = new float[weighted.length];
    for (int c = 0; c < corrected.length; c++) {
      corrected[c] = (float) (weighted[c] / sum);
    }
    return corrected;
  }

  private static double[] next(List<float[]> answers, double[] training, double[] shares) {
    double[] next = new double[shares.length];
    double rows = 0;
    for (float[] answer : answers) {
      double[] weighted = weighted(answer, training, shares);
      double sum = sum(weighted);
      if (sum > 0) {
        rows++;
        for (int c = 0; c < next.length; c++) {
          next[c] += weighted[c] / sum;
        }
      }
    }
    if (rows == 0) {
      return shares;
    }
    for (int c = 0; c < next.length; c++) {
      next[c] /= rows;
    }
    return next;
  }

  private static double[] weighted(float[] answer, double[] training, double[] shares) {
    double[] weighted = new double[answer.length];
    for (int c = 0; c < weighted.length; c++) {
      weighted[c] = training[c] > 0 ? shares[c] / training[c] * answer[c] : 0;
    }
    return weighted;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double pValue(List<float[]> answers, double[] training, double[] shares) {
    int classes = 0;
    for (double share : training) {
      classes += share > 0 ? 1 : 0;
    }
    double ratio = 0;
    for (float[] answer : answers) {
      double before = sum(weighted(answer, training, training));
      double after = sum(weighted(answer, training, shares));
      ratio += before > 0 && after > 0 ? 2 * StrictMath.log(after / before) : 0;
    }
    return classes < 2
        ? 1
        : 1
            - new ChiSquaredDistribution(null, classes - 1)
                .cumulativeProbability(Math.max(0, ratio));
  }
}
