package io.attune.pipeline.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Adjusts the p-values of several tests by the correction of Benjamini and Hochberg (1995). */
public final class BenjaminiHochberg {
  private BenjaminiHochberg() {}

  /**
   * Returns the adjusted p-values, in the order given: of the tests where they are at most 0.05, no
   * more than 5 % are wrong on average, if the tests are independent or depend positively.
   */
  public static List<Double> adjust(List<Double> pValues) {
    Integer[] order = new Integer[pValues.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(pValues::get));
    Double[] adjusted = new Double[order.length];
    double lowest = 1;
    for (int rank = order.length; rank > 0; rank--) {
      lowest = Math.min(lowest, order.length * pValues.get(order[rank - 1]) / rank);
      adjusted[order[rank - 1]] = lowest;
    }
    return new ArrayList<>(Arrays.asList(adjusted));
  }
}
