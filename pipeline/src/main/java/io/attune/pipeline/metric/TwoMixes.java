package io.attune.pipeline.metric;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.math3.stat.inference.ChiSquareTest;

/**
 * Compares how often each value occurs in two samples of rows: Pearson's chi-square test of
 * homogeneity says whether they differ, the population stability index by how much.
 *
 * @param counts rows of one sample by value, with zeros for values that only the other has
 * @param others rows of the other sample, with the same values
 */
public record TwoMixes(Map<String, Long> counts, Map<String, Long> others) {
  /** Stands for the values that are too rare to be compared one by one. */
  public static final String RARE = "other";

  /** Sets the rows below which an expected count says too little (Cochran 1954). */
  private static final double LEAST_EXPECTED = 5;

  public TwoMixes {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    if (!counts.keySet().equals(others.keySet())) {
      throw new IllegalArgumentException(
          "the values of one sample are %s, those of the other %s"
              .formatted(counts.keySet(), others.keySet()));
    }
  }

  /**
   * Compares two samples, with the values together whose expected count is too low in one of them.
   *
   * @return without values if a sample has no rows
   */
  public static TwoMixes of(Map<String, Long> counts, Map<String, Long> others) {
    double sum = sum(counts);
    double otherSum = sum(others);
    if (sum == 0 || otherSum == 0) {
      return new TwoMixes(Map.of(), Map.of());
    }
    Map<String, Long> here = new TreeMap<>();
    Map<String, Long> there = new TreeMap<>();
    TreeSet<String> values = new TreeSet<>(counts.keySet());
    values.addAll(others.keySet());
    for (String value : values) {
      long one = counts.getOrDefault(value, 0L);
      long other = others.getOrDefault(value, 0L);
      double expected = (one + other) * Math.min(sum, otherSum) / (sum + otherSum);
      if (one + other > 0) {
        String kept = expected < LEAST_EXPECTED ? RARE : value;
        here.merge(kept, one, Long::sum);
        there.merge(kept, other, Long::sum);
      }
    }
    return new TwoMixes(here, there);
  }

  /** Returns whether there are two values at least, without which nothing can differ. */
  public boolean canDiffer() {
    return counts.size() > 1;
  }

  /** Returns the rows of the first sample. */
  public long rows() {
    return sum(counts);
  }

  /** Returns the rows of the other sample. */
  public long otherRows() {
    return sum(others);
  }

  /** Returns the p-value of the hypothesis that both are of one mix; needs {@link #canDiffer}. */
  public double pValue() {
    return new ChiSquareTest().chiSquareTestDataSetsComparison(array(counts), array(others));
  }

  /**
   * Returns the population stability index, the sum of (p - q) ln(p / q), which is Jeffreys'
   * divergence (1946); half a row is added to each count, so that none is 0.
   */
  public double stabilityIndex() {
    double sum = rows() + 0.5 * counts.size();
    double otherSum = otherRows() + 0.5 * counts.size();
    double index = 0;
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      double p = (count.getValue() + 0.5) / sum;
      double q = (others.get(count.getKey()) + 0.5) / otherSum;
      index += (p - q) * Math.log(p / q);
    }
    return index;
  }

  /**
   * Returns the index that two samples of one mix have on average: (k - 1)(1/n + 1/m) for k values,
   * since the index over (1/n + 1/m) is then distributed as chi-square with k - 1 degrees of
   * freedom (Yurdakul and Naranjo 2020, 3).
   */
  public double expectedIndex() {
    return canDiffer() ? (counts.size() - 1) * (1.0 / rows() + 1.0 / otherRows()) : 0;
  }

  private static long[] array(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).toArray();
  }

  private static long sum(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
