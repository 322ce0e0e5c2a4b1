package io.attune.pipeline.metric;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Measures how different two mixes are (Jensen–Shannon divergence, Lin 1991). */
public final class Divergence {
  private Divergence() {}

  /** Returns the divergence in bits, in [0, 1]; 0 if one of them counts nothing. */
  public static double between(Map<String, Long> counts, Map<String, Long> others) {
    double sum = sum(counts);
    double otherSum = sum(others);
    if (sum == 0 || otherSum == 0) {
      return 0;
    }
    Set<String> keys = new TreeSet<>(counts.keySet());
    keys.addAll(others.keySet());
    double bits = 0;
    for (String key : keys) {
      double p = counts.getOrDefault(key, 0L) / sum;
      double q = others.getOrDefault(key, 0L) / otherSum;
      bits += term(p, (p + q) / 2) / 2 + term(q, (p + q) / 2) / 2;
    }
    return Math.min(1, Math.max(0, bits));
  }

  private static double term(double p, double mean) {
    return p == 0 ? 0 : p * Math.log(p / mean) / Math.log(2);
  }

  private static double sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
