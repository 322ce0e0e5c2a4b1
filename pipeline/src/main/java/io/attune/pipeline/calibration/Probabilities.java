package io.attune.pipeline.calibration;

import java.util.OptionalInt;

/** Checks and reads the probabilities of the classes of a head. */
public final class Probabilities {
  private Probabilities() {}

  /** Returns the first class whose probability is not a number of at least 0; empty if all are. */
  public static OptionalInt invalid(float[] probabilities) {
    for (int c = 0; c < probabilities.length; c++) {
      if (!(probabilities[c] >= 0 && probabilities[c] < Float.POSITIVE_INFINITY)) {
        return OptionalInt.of(c);
      }
    }
    return OptionalInt.empty();
  }

  /** Returns the class of the highest probability, the first of equals. */
  public static int mostLikely(float[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      best = probabilities[c] > probabilities[best] ? c : best;
    }
    return best;
  }
}
