package io.attune.pipeline.stage.train.data;

/** Decides how often an epoch trains the rows of a class. */
public enum Resample {
  /** Trains every row once. */
  NONE,
  /** Trains as many rows of each class. */
  BALANCED,
  /** Trains rows of a class by the square root of how many there are. */
  SQRT;

  /** Returns the rows that a class has in proportion to other classes. */
  double share(long rows) {
    return switch (this) {
      case NONE -> (double) rows;
      case BALANCED -> rows > 0 ? 1 : 0;
      case SQRT -> Math.sqrt((double) rows);
    };
  }
}
