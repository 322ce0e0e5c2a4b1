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
    return values()[values().length - 1 - ordinal()];
  }

  /** One of the two that are not this one, each as likely. */
  Sentiment other(Random random) {
    return values()[(ordinal() + 1 + random.nextInt(values().length - 1)) % values().length];
  }
}
