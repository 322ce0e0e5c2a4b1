package io.attune.pipeline.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Adjusts the p-values of several tests by Holm's correction (1979). */
public final class Holm {
  private Holm() {}

  /**
   * Returns the adjusted p-values, in the order given: rejecting where they are at most 0.05 is
   * wrong for any of the tests in at most 5 % of cases, however the tests depend on each other.
   */
  public static List<Double> adjust(List<Double> pValues) {
    Integer[] order = new Integer[pValues.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(pValues::get));
    Double[] adjusted = new Double[order.length];
    double highest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      double corrected = Math.min(1, (order.length - rank) * pValues.get(order[rank]));
      highest = Math.max(highest, corrected);
      adjusted[order[rank]] = highest;
    }
    return new ArrayList<>(Arrays.asList(adjusted));
  }
}
