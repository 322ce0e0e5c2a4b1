package io.attune.pipeline.quality;

import io.attune.pipeline.metric.BenjaminiHochberg;
import io.attune.pipeline.metric.TwoMixes;
import io.attune.schemas.report.NightQuality.Drift;
import io.attune.schemas.report.NightQuality.Measures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Compares the mixes of tonight's documents with those of earlier nights, which the current model
 * has learned from: Pearson's chi-square test of homogeneity, with the correction of Benjamini and
 * Hochberg over all mixes, and the population stability index as the size of a change.
 */
final class DriftTests {
  /** Sets the false discoveries that are accepted. */
  private static final double LEVEL = 0.05;

  /** Sets the index from which on a change is worth looking at (Siddiqi 2006, 8). */
  private static final double CHANGED = 0.1;

  private DriftTests() {}

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
    List<TwoMixes> tables = new ArrayList<>();
    mixes.forEach(
        (name, mix) -> {
          TwoMixes table = TwoMixes.of(mix.apply(tonight), together(earlier, mix));
          if (table.canDiffer()) {
            names.add(name);
            tables.add(table);
          }
        });
    List<Double> pValues = tables.stream().map(TwoMixes::pValue).toList();
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

  private static Drift drift(String name, TwoMixes table, double pValue, double adjusted) {
    double sum = table.rows();
    double before = table.otherRows();
    String most = "";
    double largest = -1;
    for (String value : table.counts().keySet()) {
      double change =
          Math.abs(table.counts().get(value) / sum - table.others().get(value) / before);
      if (change > largest) {
        largest = change;
        most = value;
      }
    }
    double index = table.stabilityIndex();
    return new Drift(
        name,
        (long) sum,
        (long) before,
        index,
        pValue,
        adjusted,
        most,
        table.counts().get(most) / sum,
        table.others().get(most) / before,
        adjusted <= LEVEL && index >= CHANGED);
  }
}
