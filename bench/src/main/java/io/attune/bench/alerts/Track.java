package io.attune.bench.alerts;

/**
 * Holds what one method says of the judged days of one signal.
 *
 * @param scores one a judged day: the higher, the more alarming; NaN for a day it did not judge
 */
record Track(Signal signal, Scores scores) {
  /** Wraps an array. */
  static final class Scores {
    private final double[] values;

    Scores(double[] values) {
      this.values = values.clone();
    }

    double at(int judgedDay) {
      return values[judgedDay];
    }

    int days() {
      return values.length;
    }
  }

  boolean isOutbreak(int judgedDay) {
    return signal.isOutbreak(signal.judgedFrom() + judgedDay);
  }

  /** Returns the days from the start of the outbreak to its first alarm; -1 if there is none. */
  int daysToDetection(double limit) {
    for (int day = 0; day < scores.days(); day++) {
      if (isOutbreak(day) && scores.at(day) > limit) {
        return signal.judgedFrom() + day - signal.start();
      }
    }
    return -1;
  }
}
