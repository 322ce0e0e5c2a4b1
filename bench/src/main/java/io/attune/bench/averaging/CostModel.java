package io.attune.bench.averaging;

import java.util.List;

/**
 * Models the cost of averaging in a round in addition to its steps, in seconds: {@code latency +
 * workers * perWorker + turns * perTurn + bytes / bytesPerSecond}. A turn is one task on each slot.
 * The bytes are those of a copy of the state: twice at the driver, which sends and receives one,
 * and once in each turn of a slot, which splits, sends and averages.
 *
 * @param latency of a round of any size
 * @param perWorker of each task at the driver, one after the other
 * @param perTurn of each task on its slot
 * @param bytesPerSecond infinite if the size had no measurable effect
 */
record CostModel(double latency, double perWorker, double perTurn, double bytesPerSecond) {
  private static final int TERMS = 3;
  private static final int AT_THE_DRIVER = 2;
  private static final double LEAST_SECONDS = 1e-4;

  /**
   * Holds a measured round.
   *
   * @param slots tasks that run at a time
   * @param copy bytes of the state
   * @param seconds of the round in addition to its steps; above 0
   */
  record Observation(int workers, int slots, double copy, double seconds) {
    private double[] terms() {
      double turns = Math.max(1, (double) workers / slots);
      return new double[] {1, turns, copy * (AT_THE_DRIVER + turns)};
    }

    private Observation without(double perWorker) {
      double rest = Math.max(LEAST_SECONDS, seconds - workers * perWorker);
      return new Observation(workers, slots, copy, rest);
    }
  }

  /**
   * Fits by least squares of relative errors; no term is negative.
   *
   * @param measured rounds of at least two sizes and two numbers of turns
   * @param perWorker measured separately: on few slots it grows as the turns do
   */
  static CostModel fit(List<Observation> measured, double perWorker) {
    List<Observation> observations = measured.stream().map(one -> one.without(perWorker)).toList();
    double[] best = new double[TERMS];
    double least = Double.MAX_VALUE;
    for (int subset = 1; subset < 1 << TERMS; subset++) {
      double[] found = solve(observations, subset);
      double error = error(observations, found);
      if (isPossible(found) && error < least) {
        least = error;
        best = found;
      }
    }
    return new CostModel(best[0], perWorker, best[1], 1 / best[2]);
  }

  private static boolean isPossible(double[] coefficients) {
    for (double coefficient : coefficients) {
      if (!(coefficient >= 0 && coefficient < Double.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return true;
  }

  /** Solves the normal equations for some of the terms; the others are 0. */
  private static double[] solve(List<Observation> observations, int subset) {
    double[][] rows = new double[TERMS][TERMS + 1];
    for (Observation observed : observations) {
      double[] terms = observed.terms();
      for (int i = 0; i < TERMS; i++) {
        for (int j = 0; j < TERMS; j++) {
          rows[i][j] += terms[i] * terms[j] / (observed.seconds() * observed.seconds());
        }
        rows[i][TERMS] += terms[i] / observed.seconds();
      }
    }
    for (int i = 0; i < TERMS; i++) {
      for (int j = 0; j < TERMS; j++) {
        if ((subset & (1 << i)) == 0 || (subset & (1 << j)) == 0) {
          rows[i][j] = i == j ? 1 : 0;
        }
      }
      if ((subset & (1 << i)) == 0) {
        rows[i][TERMS] = 0;
      }
    }
    return eliminate(rows);
  }

  /**
   * Solves by Gauss-Jordan elimination; the matrix is positive definite, so pivoting is not needed.
   */
  private static double[] eliminate(double[][] rows) {
    for (int pivot = 0; pivot < TERMS; pivot++) {
      for (int i = 0; i < TERMS; i++) {
        double factor = i == pivot ? 0 : rows[i][pivot] / rows[pivot][pivot];
        for (int j = pivot; j <= TERMS; j++) {
          rows[i][j] -= factor * rows[pivot][j];
        }
      }
    }
    double[] solution = new double[TERMS];
    for (int i = 0; i < TERMS; i++) {
      solution[i] = rows[i][TERMS] / rows[i][i];
    }
    return solution;
  }

  private static double error(List<Observation> observations, double[] coefficients) {
    double sum = 0;
    for (Observation observed : observations) {
      double[] terms = observed.terms();
      double predicted = 0;
      for (int i = 0; i < TERMS; i++) {
        predicted += coefficients[i] * terms[i];
      }
      sum += Math.pow(predicted / observed.seconds() - 1, 2);
    }
    return sum;
  }

  /** Returns the same costs with at most the given network speed. */
  CostModel over(double networkBytesPerSecond) {
    return new CostModel(
        latency, perWorker, perTurn, Math.min(bytesPerSecond, networkBytesPerSecond));
  }

  /** Returns the seconds of a round in addition to its steps. */
  double seconds(int workers, int slots, double copy) {
    double turns = Math.max(1, (double) workers / slots);
    return latency
        + perWorker * workers
        + perTurn * turns
        + copy * (AT_THE_DRIVER + turns) / bytesPerSecond;
  }

  /**
   * Returns the fraction of a round's time in which workers train, if each has a slot of its own.
   *
   * @param frequency steps of a round
   */
  double efficiency(int workers, double copy, int frequency, double stepSeconds) {
    double training = frequency * stepSeconds;
    return training / (training + seconds(workers, workers, copy));
  }

  /** Returns the root mean square of the relative errors. */
  double relativeError(List<Observation> observations) {
    return Math.sqrt(
        observations.stream()
            .mapToDouble(
                observed ->
                    Math.pow(
                        seconds(observed.workers(), observed.slots(), observed.copy())
                                / observed.seconds()
                            - 1,
                        2))
            .average()
            .orElse(0));
  }
}
