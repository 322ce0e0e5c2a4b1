package io.attune.pipeline.metric;

import java.io.Serializable;

/** Holds everything that is measured of one model on one head, as one state. */
public record HeadScore(ConfusionMatrix confusion, LogLoss logLoss, Calibration calibration)
    implements Serializable {

  public static HeadScore none(int classes) {
    return new HeadScore(new ConfusionMatrix(classes), LogLoss.NONE, new Calibration());
  }

  /**
   * Adds one row.
   *
   * @param ofAnswer probability given to {@code predicted}
   * @param ofActual probability given to {@code actual}
   * @return the state with the row in it; this one is used up
   */
  public HeadScore add(int actual, int predicted, double ofAnswer, double ofActual) {
    confusion.add(actual, predicted, 1);
    calibration.add(ofAnswer, actual == predicted);
    return new HeadScore(confusion, logLoss.add(ofActual), calibration);
  }

  /** Adds the rows of another. */
  public HeadScore merge(HeadScore other) {
    return new HeadScore(
        confusion.merge(other.confusion),
        logLoss.merge(other.logLoss),
        calibration.merge(other.calibration));
  }
}
