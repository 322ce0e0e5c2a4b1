package io.attune.pipeline.stage.tokenize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.split.SplitConfig;
import io.attune.pipeline.split.Splits;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts the documents of each split, and those of each label.
 *
 * @param rows by split
 * @param labels rows by split, for each head and class that occurs
 * @param withoutLabel rows of the train split that no head has a label for
 */
record SplitCounts(
    Map<Split, Long> rows, Map<Labelled, Map<Split, Long>> labels, long withoutLabel) {
  /** Identifies one class of one head. */
  record Labelled(String head, String label) {}

  /** Counts in one pass. */
  static SplitCounts of(Dataset<Row> documents) {
    Dataset<Row> counted =
        documents
            .selectExpr(
                Splits.SPLIT, "posexplode_outer(" + Documents.LABELS + ") AS (place, head, label)")
            .groupBy(Splits.SPLIT, "head", "label")
            .agg(
                count(lit(1)).as("labelled"),
                sum(when(coalesce(col("place"), lit(0)).equalTo(0), 1L).otherwise(0L)).as("rows"));
    List<Row> found =
        JobDescription.during(
            documents.sparkSession(), "tokenize: count labels by split", counted::collectAsList);
    Map<Split, Long> rows = new EnumMap<>(Split.class);
    Map<Labelled, Map<Split, Long>> labels = new HashMap<>();
    long withoutLabel = 0;
    for (Row row : found) {
      Split split = Split.of(row.getString(0));
      rows.merge(split, row.getLong(4), Long::sum);
      if (row.isNullAt(1) && split == Split.TRAIN) {
        withoutLabel += row.getLong(4);
      }
      if (!row.isNullAt(1) && !row.isNullAt(2)) {
        labels
            .computeIfAbsent(
                new Labelled(row.getString(1), row.getString(2)),
                absent -> new EnumMap<>(Split.class))
            .merge(split, row.getLong(3), Long::sum);
      }
    }
    return new SplitCounts(rows, labels, withoutLabel);
  }

  long rows(Split split) {
    return rows.getOrDefault(split, 0L);
  }

  /**
   * Checks that every split has documents and that every class has some to train on.
   *
   * @throws Failure.BadInput if a label is none of the sets', a split is empty, or a class has no
   *     row in the train split
   */
  void requireUsable(LabelSets sets, SplitConfig config) {
    requireKnownLabels(sets);
    for (Split split : Split.values()) {
      if (rows(split) == 0) {
        throw new Failure.BadInput(
            "The %s split is empty: %s, divided by %s with split.validation=%s and split.test=%s;"
                + " %s",
            split.word(),
            counts(rows),
            by(config),
            config.validation(),
            config.test(),
            advice(split));
      }
    }
    List<String> missing = new ArrayList<>();
    for (Head head : sets.heads()) {
      for (String label : head.classes()) {
        Map<Split, Long> found = labels.getOrDefault(new Labelled(head.name(), label), Map.of());
        if (found.getOrDefault(Split.TRAIN, 0L) == 0) {
          missing.add("head '%s', class '%s': %s".formatted(head.name(), label, counts(found)));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new Failure.BadInput(
          "The train split, divided by %s, holds no row of %s; add documents with that label, take"
              + " the class out of the label set, or divide the corpus otherwise (split.by,"
              + " split.validation, split.test)",
          by(config), String.join("; ", missing));
    }
  }

  private void requireKnownLabels(LabelSets sets) {
    labels.keySet().stream()
        .filter(
            found ->
                sets.head(found.head()).filter(head -> head.indexOf(found.label()) >= 0).isEmpty())
        .map(found -> "'%s' of head '%s'".formatted(found.label(), found.head()))
        .sorted()
        .findFirst()
        .ifPresent(
            unknown -> {
              throw new Failure.BadInput(
                  "The clean documents hold the label %s, which the configuration does not name;"
                      + " add it to the label set, or ingest the corpus that holds it again",
                  unknown);
            });
  }

  private static String counts(Map<Split, Long> bySplit) {
    List<String> parts = new ArrayList<>();
    for (Split split : Split.values()) {
      parts.add("%s %,d".formatted(split.word(), bySplit.getOrDefault(split, 0L)));
    }
    return String.join(", ", parts) + " rows";
  }

  private static String advice(Split split) {
    return split == Split.TRAIN
        ? "ingest more documents, or declare fewer corpora as validation or test"
        : "raise split.%1$s, ingest more documents, or declare a corpus as 'split: %1$s'"
            .formatted(split.word());
  }

  private static String by(SplitConfig config) {
    return config.by().name().toLowerCase(Locale.ROOT);
  }
}
