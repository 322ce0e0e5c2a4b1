package io.attune.pipeline.surge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the rows that a regression learns from, and the row that it forecasts. Each has a time
 * and one level of every factor.
 */
final class Rows {
  private final int[] sizes;
  private final List<int[]> levels = new ArrayList<>();
  private double[] counts = new double[64];
  private double[] times = new double[64];
  private int rows;
  private double time;
  private int[] now = {};

  /** Starts without rows; {@code sizes} are the numbers of levels of the factors. */
  Rows(int... sizes) {
    this.sizes = sizes.clone();
  }

  void add(double rowTime, double count, int... rowLevels) {
    if (rows == counts.length) {
      counts = Arrays.copyOf(counts, 2 * rows);
      times = Arrays.copyOf(times, 2 * rows);
    }
    counts[rows] = count;
    times[rows] = rowTime;
    levels.add(rowLevels.clone());
    rows++;
  }

  /** Sets time and levels of the row to forecast. */
  void forecastAt(double rowTime, int... rowLevels) {
    time = rowTime;
    now = rowLevels.clone();
  }

  int rows() {
    return rows;
  }

  int factors() {
    return sizes.length;
  }

  int size(int factor) {
    return sizes[factor];
  }

  double count(int row) {
    return counts[row];
  }

  double time(int row) {
    return times[row];
  }

  int level(int row, int factor) {
    return levels.get(row)[factor];
  }

  double timeNow() {
    return time;
  }

  int levelNow(int factor) {
    return now[factor];
  }

  double total() {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += counts[row];
    }
    return sum;
  }

  double largest() {
    double largest = 0;
    for (int row = 0; row < rows; row++) {
      largest = Math.max(largest, counts[row]);
    }
    return largest;
  }
}
