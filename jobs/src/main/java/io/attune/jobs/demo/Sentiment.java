package io.attune.jobs.demo;

import java.util.Locale;
import java.util.Random;

/** How a text speaks of what it is about. */
enum Sentiment {
  NEGATIVE,
  NEUTRAL,
  POSITIVE;

  /** As it is written in the files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Negative and positive trade places, neutral stays. */
  Sentiment opposite() {
    return switch (this) {
      case NEGATIVE -> POSITIVE;
      case NEUTRAL -> NEUTRAL;
      case POSITIVE -> NEGATIVE;
    };
  }

  /** One of the two that are not this one, each as likely. */
  Sentiment other(Random random) {
    boolean first = random.nextInt(2) == 0;
    return switch (this) {
      case NEGATIVE -> first ? NEUTRAL : POSITIVE;
      case NEUTRAL -> first ? POSITIVE : NEGATIVE;
      case POSITIVE -> first ? NEGATIVE : NEUTRAL;
    };
  }
}
