package io.attune.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Speeds of one contender in the rounds of a case. */
final class Measurement {
  private final String name;
  private final List<Double> tokensPerSecond = new ArrayList<>();

  Measurement(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(double speed) {
    tokensPerSecond.add(speed);
  }

  double median() {
    return median(tokensPerSecond);
  }

  /** Median of the quotients of each round: what the machine did to a round, it did to both. */
  double timesAsFastAs(Measurement other) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < tokensPerSecond.size(); round++) {
      ratios.add(tokensPerSecond.get(round) / other.tokensPerSecond.get(round));
    }
    return median(ratios);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
