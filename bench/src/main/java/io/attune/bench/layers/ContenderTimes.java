package io.attune.bench.layers;

import io.attune.bench.layers.Contender.StepTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Holds the times of one contender's step in the rounds of a case. */
public final class ContenderTimes {
  private final String name;
  private final List<StepTime> steps = new ArrayList<>();

  ContenderTimes(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(StepTime step) {
    steps.add(step);
  }

  /** Returns the median seconds of a step. */
  public double median() {
    return median(steps.stream().map(StepTime::seconds).toList());
  }

  /**
   * Returns the median processor seconds of a step, which other work on the machine hardly affects.
   */
  double medianProcessor() {
    return median(steps.stream().map(StepTime::processor).toList());
  }

  /**
   * Returns the median of the rounds' ratios: other load on the machine affects both contenders of
   * a round.
   */
  double speedUpOver(ContenderTimes other, ToDoubleFunction<StepTime> time) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < steps.size(); round++) {
      ratios.add(time.applyAsDouble(other.steps.get(round)) / time.applyAsDouble(steps.get(round)));
    }
    return median(ratios);
  }

  public static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
