package io.attune.jobs.demo;

import java.util.Locale;
import java.util.Random;

/** Lists the sentiments of a text. */
enum Sentiment {
  NEGATIVE,
  NEUTRAL,
  POSITIVE;

  /** Returns the name used in the files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Swaps negative and positive; neutral stays. */
  Sentiment opposite() {
    return switch (this) {
      case NEGATIVE -> POSITIVE;
      case NEUTRAL -> NEUTRAL;
      case POSITIVE -> NEGATIVE;
    };
  }

  /** Draws one of the two others with equal probability. */
  Sentiment other(Random random) {
    boolean first = random.nextInt(2) == 0;
    return switch (this) {
      case NEGATIVE -> first ? NEUTRAL : POSITIVE;
      case NEUTRAL -> first ? POSITIVE : NEGATIVE;
      case POSITIVE -> first ? NEGATIVE : NEUTRAL;
    };
  }
}
