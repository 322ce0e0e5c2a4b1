package io.attune.pipeline.stage.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values in [{@code low}, {@code high}] linearly to positions from {@code from} to {@code to}.
 *
 * @param from position of {@code low}; may lie beyond {@code to}
 */
record Scale(double low, double high, double from, double to) {

  /** Returns the position of a value; one outside the range is at its end. */
  double at(double value) {
    double fraction = high > low ? (value - low) / (high - low) : 0.5;
    return from + Math.min(1, Math.max(0, fraction)) * (to - from);
  }

  /** Returns round values within the range, at most about {@code count}, at steps of 1, 2 or 5. */
  List<Double> ticks(int count) {
    if (!(high > low)) {
      return List.of(low);
    }
    double rough = (high - low) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (int factor : new int[] {1, 2, 5, 10}) {
      step = factor * power;
      if (step >= rough) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    // Counted in whole steps, so that 0.3 is not 0.30000000000000004 and the loop must end.
    long first = (long) Math.ceil(low / step - 1e-9);
    long last = (long) Math.floor(high / step + 1e-9);
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
