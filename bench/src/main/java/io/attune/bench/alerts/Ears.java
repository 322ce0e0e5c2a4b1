package io.attune.bench.alerts;

/**
 * Computes the statistics of the Early Aberration Reporting System (Hutwagner et al. 2003; Fricker
 * et al. 2008, 2.1): the distance of a day from the mean of seven earlier days, in their standard
 * deviations.
 */
enum Ears {
  /** The seven days just before; an alarm above 3. */
  C1(3),
  /** Seven days before a guard band of two; an alarm above 3. */
  C2(3),
  /** The sum, over three days, of what C2 exceeds 1 by; an alarm above 2. */
  C3(2);

  private static final int DAYS = 7;
  private static final int GUARD = 2;

  /** Stands in for a standard deviation of 0. */
  private static final double LEAST_DEVIATION = 0.2;

  private final double limit;

  Ears(double limit) {
    this.limit = limit;
  }

  double limit() {
    return limit;
  }

  double statistic(Signal signal, int day) {
    return switch (this) {
      case C1 -> distance(signal, day, day - 1);
      case C2 -> distance(signal, day, day - 1 - GUARD);
      case C3 -> {
        double sum = 0;
        for (int back = 0; back < 3; back++) {
          sum += Math.max(0, distance(signal, day - back, day - back - 1 - GUARD) - 1);
        }
        yield sum;
      }
    };
  }

  /** Compares a day with the seven that end with {@code last}. */
  private static double distance(Signal signal, int day, int last) {
    double sum = 0;
    double squares = 0;
    for (int back = 0; back < DAYS; back++) {
      double count = signal.count(last - back);
      sum += count;
      squares += count * count;
    }
    double mean = sum / DAYS;
    double variance = Math.max(0, squares - sum * mean) / (DAYS - 1);
    return (signal.count(day) - mean) / Math.max(LEAST_DEVIATION, Math.sqrt(variance));
  }
}
