package io.attune.pipeline.metric;

import java.io.Serializable;

/**
 * Holds everything that is measured of one model on one head, as one state.
 *
 * @param raw calibration of the probabilities before they were scaled
 */
public record HeadScore(
    ConfusionMatrix confusion,
    LogLoss logLoss,
    BrierScore brier,
    Calibration calibration,
    Calibration raw)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public static HeadScore none(int classes) {
    return new HeadScore(
        new ConfusionMatrix(classes),
        LogLoss.NONE,
        BrierScore.NONE,
        new Calibration(),
        new Calibration());
  }

  /**
   * Adds one row.
   *
   * @param probabilities of the classes, finite
   * @param rawOfAnswer probability of {@code predicted} before the scaling
   * @return the state with the row in it; this one is used up
   */
  public HeadScore add(int actual, int predicted, float[] probabilities, double rawOfAnswer) {
    confusion.add(actual, predicted, 1);
    calibration.add(probabilities[predicted], actual == predicted);
    raw.add(rawOfAnswer, actual == predicted);
    return new HeadScore(
        confusion,
        logLoss.add(probabilities[actual]),
        brier.add(probabilities, actual),
        calibration,
        raw);
  }

  /** Adds the rows of another. */
  public HeadScore merge(HeadScore other) {
    return new HeadScore(
        confusion.merge(other.confusion),
        logLoss.merge(other.logLoss),
        brier.merge(other.brier),
        calibration.merge(other.calibration),
        raw.merge(other.raw));
  }
}
