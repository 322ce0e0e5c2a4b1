package io.attune.pipeline.stage.score;

import static org.apache.spark.sql.functions.col;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.table.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Counts what a model has answered in a run, by head and class. It is read from the table, so that
 * work that was interrupted and done again says the same.
 *
 * @param version of the model
 * @param byHead documents by head and class, the most frequent class first
 */
record Answers(String version, Map<String, Map<String, Long>> byHead) {
  /** Limits the classes of a head that the line for people names. */
  private static final int NAMED = 3;

  static Answers of(StageContext context, String version) {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    if (context.tables().exists(Scores.SCHEMA)) {
      List<Row> rows =
          new ArrayList<>(
              context
                  .tables()
                  .readRun(Scores.SCHEMA, context.run().id())
                  .where(col(Scores.MODEL).equalTo(version))
                  .groupBy(Scores.HEAD, Scores.LABEL)
                  .count()
                  .collectAsList());
      rows.sort(
          Comparator.<Row, String>comparing(row -> row.getString(0))
              .thenComparing(row -> -row.getLong(2))
              .thenComparing(row -> row.getString(1)));
      for (Row row : rows) {
        counts
            .computeIfAbsent(row.getString(0), head -> new LinkedHashMap<>())
            .put(row.getString(1), row.getLong(2));
      }
    }
    return new Answers(version, counts);
  }

  /** Returns the documents that were read: each has an answer for each head. */
  long documents() {
    return byHead.values().stream().mapToLong(Answers::total).max().orElse(0);
  }

  private static long total(Map<String, Long> classes) {
    return classes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Describes them.
   *
   * @param fresh documents that were read just now
   * @param left documents that there was no time for
   * @param budgetMinutes time that there was
   */
  StageResult result(long fresh, long left, double budgetMinutes) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("documents", documents());
    byHead.forEach(
        (head, classes) ->
            classes.forEach((label, number) -> counts.put(head + "." + label, number)));
    counts.put("left", left);
    String later =
        left == 0
            ? ""
            : "; %s are left for later nights or 'attune score --all' (score.budget-minutes %s)"
                .formatted(Figures.count(left), budgetMinutes);
    return new StageResult(Scores.SCHEMA.name(), summary(fresh) + later, counts);
  }

  private String summary(long fresh) {
    if (documents() == 0) {
      return "nothing new for model " + version;
    }
    StringBuilder summary =
        new StringBuilder(
            fresh == 0
                ? "nothing new for model %s, which has read %s documents"
                    .formatted(version, Figures.count(documents()))
                : "%s documents by model %s".formatted(Figures.count(documents()), version));
    byHead.forEach((head, classes) -> summary.append("; ").append(shares(head, classes)));
    return summary.toString();
  }

  private static String shares(String head, Map<String, Long> classes) {
    double total = total(classes);
    List<String> shares = new ArrayList<>();
    classes.forEach(
        (label, number) -> {
          if (shares.size() < NAMED) {
            shares.add(String.format(Locale.ROOT, "%s %.0f %%", label, 100 * number / total));
          }
        });
    String more = classes.size() > NAMED ? ", …" : "";
    return head + ": " + String.join(", ", shares) + more;
  }
}
