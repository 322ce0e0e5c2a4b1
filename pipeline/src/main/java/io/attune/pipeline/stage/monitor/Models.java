package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.stage.monitor.Corrections.Version;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lists models of a task.
 *
 * @param current the one in use
 * @param before the one that it is compared with; empty if there was none
 * @param versions those that were in use, the latest last
 */
record Models(String current, Optional<String> before, List<Version> versions) {
  /** Bounds the models whose errors are known: documents of older ones are far back. */
  private static final int MOST = 20;

  /**
   * Reads which models were in use.
   *
   * @param current the one in use now
   */
  static Models of(Storage storage, String task, String current) {
    List<String> names = new ArrayList<>();
    CurrentModel.of(storage, task)
        .history()
        .forEach(
            move -> {
              names.remove(move.version());
              names.add(move.version());
            });
    List<String> others = names.stream().filter(name -> !name.equals(current)).toList();
    List<Version> versions =
        names.subList(Math.max(0, names.size() - MOST), names.size()).stream()
            .map(name -> new Version(name, Run.ofVersion(task, name)))
            .toList();
    return new Models(
        current,
        others.isEmpty() ? Optional.empty() : Optional.of(others.get(others.size() - 1)),
        versions);
  }

  /**
   * Returns the same, compared with the model that has read most of the past among those that share
   * enough documents with the one in use; without such a model, with the one before it.
   *
   * @param past rows of {@link Readings} before the days that are judged
   */
  Models comparedOver(Dataset<Row> past) {
    if (before.isEmpty()) {
      return this;
    }
    Map<String, Long> read = count(past);
    Optional<String> most =
        count(Readings.readers(past)).entrySet().stream()
            .filter(shared -> shared.getValue() >= ModelChange.LEAST_DOCUMENTS)
            .map(Map.Entry::getKey)
            .max(
                Comparator.comparing((String model) -> read.getOrDefault(model, 0L))
                    .thenComparing(before.get()::equals)
                    .thenComparing(Comparator.naturalOrder()));
    return new Models(current, most.or(() -> before), versions);
  }

  private static Map<String, Long> count(Dataset<Row> rows) {
    Map<String, Long> counts = new HashMap<>();
    rows.groupBy(Readings.MODEL)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  /** Returns the change from the model before to the current one, if there was one. */
  Optional<ModelChange> change(SeriesCounts market) {
    return before.map(earlier -> new ModelChange(market.controls().ofCounts(), earlier, current));
  }
}
