package io.attune.pipeline.stage.score;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.sql.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Finds the documents that a model is to read, first by their keys: texts are read only of runs
 * that such a document is in.
 */
final class Unread {
  /** Names the column of the day of a document. */
  static final String DAY = "day";

  private static final String BY_THE_MODEL = "by_the_model";

  /** Sets up to how many keys are sent to every executor: about 100 MB. */
  private static final long MAX_BROADCAST = 1_000_000;

  private Unread() {}

  /**
   * Returns the keys of the documents of a window that a model has not read.
   *
   * @param clean all rows of the table of clean documents at one snapshot
   * @param scores rows of {@link Scores}; empty if there are none
   * @return columns {@code id}, {@code run} and {@link #DAY}
   */
  static Dataset<Row> of(
      Dataset<Row> clean, Optional<Dataset<Row>> scores, String version, ScoreWindow window) {
    return keys(clean, scores, version, not(col(BY_THE_MODEL)).and(isIn(window)));
  }

  /**
   * Returns the keys of the documents that no model has read, and of those of a window that only
   * others have read.
   *
   * @param again empty for no window
   */
  static Dataset<Row> ofNight(
      Dataset<Row> clean,
      Optional<Dataset<Row>> scores,
      String version,
      Optional<ScoreWindow> again) {
    Column byNone = col(BY_THE_MODEL).isNull();
    return keys(
        clean,
        scores,
        version,
        again.map(window -> byNone.or(not(col(BY_THE_MODEL)).and(isIn(window)))).orElse(byNone));
  }

  private static Dataset<Row> keys(
      Dataset<Row> clean, Optional<Dataset<Row>> scores, String version, Column wanted) {
    Dataset<Row> documents =
        CurrentDocuments.withoutTexts(clean)
            .select(
                col(Documents.ID),
                col(Documents.RUN),
                col(CleanDocuments.TEXT_HASH),
                CurrentDocuments.day().as(DAY));
    Dataset<Row> read =
        scores
            .map(
                rows ->
                    documents.join(
                        readers(rows, version),
                        ColumnNames.of(Documents.ID, CleanDocuments.TEXT_HASH),
                        "left"))
            .orElseGet(
                () -> documents.withColumn(BY_THE_MODEL, lit(null).cast(DataTypes.BooleanType)));
    return read.where(wanted).select(Documents.ID, Documents.RUN, DAY);
  }

  /** Returns for each text of a document whether the model is among those that have read it. */
  private static Dataset<Row> readers(Dataset<Row> scores, String version) {
    return scores
        .groupBy(col(Scores.DOCUMENT_ID).as(Documents.ID), col(Scores.TEXT_HASH))
        .agg(max(col(Scores.MODEL).equalTo(version)).as(BY_THE_MODEL));
  }

  private static Column not(Column given) {
    return coalesce(given, lit(false)).equalTo(false);
  }

  private static Column isIn(ScoreWindow window) {
    return col(DAY).between(lit(Date.valueOf(window.since())), lit(Date.valueOf(window.until())));
  }

  /** Counts keys by the run that their documents are in. */
  static Map<String, Long> byRun(Dataset<Row> keys) {
    Map<String, Long> counts = new TreeMap<>();
    keys.groupBy(Documents.RUN)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  /**
   * Returns the documents of some keys, with their texts.
   *
   * @param byRun the numbers of the keys
   */
  static Dataset<Row> documents(Dataset<Row> clean, Dataset<Row> keys, Map<String, Long> byRun) {
    long number = byRun.values().stream().mapToLong(Long::longValue).sum();
    return clean
        .where(col(Documents.RUN).isin(byRun.keySet().toArray()))
        .join(
            number <= MAX_BROADCAST ? broadcast(keys) : keys,
            ColumnNames.of(Documents.ID, Documents.RUN),
            "left_semi")
        .where(CurrentDocuments.isDocument())
        .select(Documents.ID, CleanDocuments.TEXT_HASH, Documents.TITLE, Documents.TEXT);
  }
}
