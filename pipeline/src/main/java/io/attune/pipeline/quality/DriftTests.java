package io.attune.pipeline.quality;

import io.attune.pipeline.metric.BenjaminiHochberg;
import io.attune.schemas.report.NightQuality.Drift;
import io.attune.schemas.report.NightQuality.Measures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.math3.stat.inference.ChiSquareTest;

/**
 * Compares the mixes of tonight's documents with those of earlier nights, which the current model
 * has learned from: Pearson's chi-square test of homogeneity, with the correction of Benjamini and
 * Hochberg over all mixes, and the population stability index as the size of a change.
 */
final class DriftTests {
  /** Sets the rows below which an expected count says too little (Cochran 1954). */
  private static final double LEAST_EXPECTED = 5;

  /** Stands for the values that are too rare to be tested one by one. */
  private static final String RARE = "other";

  /** Sets the false discoveries that are accepted. */
  private static final double LEVEL = 0.05;

  /** Sets the index from which on a change is worth looking at (Siddiqi 2006, 8). */
  private static final double CHANGED = 0.1;

  private DriftTests() {}

  /** Holds the counts of two samples by value, with rare values together. */
  private record Table(Map<String, Long> tonight, Map<String, Long> earlier) {}

  /** Returns a test of each mix that both have, those that changed most surely first. */
  static List<Drift> of(Measures tonight, List<Measures> earlier) {
    Map<String, Function<Measures, Map<String, Long>>> mixes = new LinkedHashMap<>();
    mixes.put("source", Measures::sources);
    mixes.put("language", Measures::languages);
    mixes.put("length", Measures::lengths);
    for (String head : new TreeSet<>(tonight.labels().keySet())) {
      mixes.put("labels of " + head, measures -> measures.labels().getOrDefault(head, Map.of()));
    }
    List<String> names = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    mixes.forEach(
        (name, mix) -> {
          Table table = pooled(mix.apply(tonight), together(earlier, mix));
          if (table.tonight().size() > 1) {
            names.add(name);
            tables.add(table);
          }
        });
    List<Double> pValues = tables.stream().map(DriftTests::pValue).toList();
    List<Double> adjusted = BenjaminiHochberg.adjust(pValues);
    List<Drift> drifts = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      drifts.add(drift(names.get(i), tables.get(i), pValues.get(i), adjusted.get(i)));
    }
    drifts.sort((one, other) -> Double.compare(one.adjusted(), other.adjusted())); // stable
    return drifts;
  }

  private static Map<String, Long> together(
      List<Measures> nights, Function<Measures, Map<String, Long>> mix) {
    Map<String, Long> sums = new TreeMap<>();
    nights.forEach(
        night -> mix.apply(night).forEach((value, rows) -> sums.merge(value, rows, Long::sum)));
    return sums;
  }

  /** Puts values together whose expected count is too low in one of the samples. */
  private static Table pooled(Map<String, Long> tonight, Map<String, Long> earlier) {
    double sum = sum(tonight);
    double before = sum(earlier);
    if (sum == 0 || before == 0) {
      return new Table(Map.of(), Map.of());
    }
    Map<String, Long> here = new TreeMap<>();
    Map<String, Long> there = new TreeMap<>();
    TreeSet<String> values = new TreeSet<>(tonight.keySet());
    values.addAll(earlier.keySet());
    for (String value : values) {
      long one = tonight.getOrDefault(value, 0L);
      long other = earlier.getOrDefault(value, 0L);
      double expected = (one + other) * Math.min(sum, before) / (sum + before);
      String kept = expected < LEAST_EXPECTED ? RARE : value;
      here.merge(kept, one, Long::sum);
      there.merge(kept, other, Long::sum);
    }
    return new Table(here, there);
  }

  private static double pValue(Table table) {
    return new ChiSquareTest()
        .chiSquareTestDataSetsComparison(counts(table.tonight()), counts(table.earlier()));
  }

  private static long[] counts(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).toArray();
  }

  private static Drift drift(String name, Table table, double pValue, double adjusted) {
    double sum = sum(table.tonight());
    double before = sum(table.earlier());
    String most = "";
    double largest = -1;
    for (String value : table.tonight().keySet()) {
      double change =
          Math.abs(table.tonight().get(value) / sum - table.earlier().get(value) / before);
      if (change > largest) {
        largest = change;
        most = value;
      }
    }
    double index = stabilityIndex(table.tonight(), table.earlier());
    return new Drift(
        name,
        (long) sum,
        (long) before,
        index,
        pValue,
        adjusted,
        most,
        table.tonight().get(most) / sum,
        table.earlier().get(most) / before,
        adjusted <= LEVEL && index >= CHANGED);
  }

  /**
   * Returns the population stability index, the sum of (p - q) ln(p / q), which is Jeffreys'
   * divergence (1946); half a row is added to each count, so that none is 0.
   */
  static double stabilityIndex(Map<String, Long> counts, Map<String, Long> others) {
    double sum = sum(counts) + 0.5 * counts.size();
    double otherSum = sum(others) + 0.5 * counts.size();
    double index = 0;
    for (String value : counts.keySet()) {
      double p = (counts.get(value) + 0.5) / sum;
      double q = (others.getOrDefault(value, 0L) + 0.5) / otherSum;
      index += (p - q) * Math.log(p / q);
    }
    return index;
  }

  private static double sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
