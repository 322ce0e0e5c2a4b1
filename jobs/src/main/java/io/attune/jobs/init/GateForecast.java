package io.attune.jobs.init;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.input.value.SplitWords;
import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.metric.TestRows;
import io.attune.pipeline.stage.compare.GateConfig;
import io.attune.schemas.table.Split;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says before the first night how often the gate will let an equally good model pass, from the
 * records of each class and the fraction of them that tests.
 *
 * @param margins by head
 */
record GateForecast(Map<String, Double> margins, PromotionPower power) {

  /** Returns the forecast; empty for a draft without labels or without a test split. */
  static Optional<GateForecast> of(Draft draft) {
    double share = testShare(draft);
    Map<String, TestRows> rows = new LinkedHashMap<>();
    draft
        .heads()
        .forEach(
            (name, classes) -> {
              List<Long> test =
                  classes.counts().values().stream()
                      .map(count -> Math.round(count * share))
                      .filter(count -> count > 0)
                      .toList();
              if (!test.isEmpty()) {
                rows.put(name, new TestRows(test));
              }
            });
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    GateConfig gate = RunConfigs.defaultGate();
    Map<String, Double> margins = new LinkedHashMap<>();
    List<String> heads = List.copyOf(rows.keySet());
    rows.forEach((name, ofHead) -> margins.put(name, gate.marginOf(name, heads, ofHead)));
    return Optional.of(new GateForecast(margins, gate.expectedPower(rows)));
  }

  /** Returns the fraction of the records that test. */
  private static double testShare(Draft draft) {
    double tests = 0;
    double all = 0;
    boolean declared = false;
    for (Draft.Part part : draft.parts()) {
      long total = part.source().table().total();
      Optional<Map<String, Long>> column =
          part.columns().column(Role.SPLIT).map(part.source().table().counts()::get);
      all += total;
      if (part.split().isPresent()) {
        declared = true;
        tests += part.split().get() == Split.TEST ? total : 0;
      } else if (column.isPresent()) {
        declared = true;
        tests +=
            column.get().entrySet().stream()
                .filter(entry -> SplitWords.of(entry.getKey()).equals(Optional.of(Split.TEST)))
                .mapToLong(Map.Entry::getValue)
                .sum();
      }
    }
    return declared ? tests / all : RunConfigs.defaultSplit().test();
  }

  String sentence() {
    return String.format(
        Locale.ROOT,
        "about %,d test rows, gate.margin %s: %s",
        power.rows(),
        margins.values().stream()
            .distinct()
            .map(margin -> String.format(Locale.ROOT, "%.3f", margin))
            .collect(Collectors.joining(" and ")),
        power.sentence());
  }
}
