package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Joins documents with the answers to their present texts that count, those of the model in use or
 * else the latest: one row for each document that counts, without its text.
 */
final class Readings {
  static final String ID = Documents.ID;
  static final String RUN = Documents.RUN;
  static final String SOURCE = Documents.SOURCE;

  /** Holds the time of publication; null if there is none. */
  static final String AT = "at";

  /** Holds the day of publication in the zone of the monitor; null without a time. */
  static final String DAY = "day";

  static final String CLUSTER = CleanDocuments.CLUSTER;

  /** Holds the fields that name whom the text is about, as an array. */
  static final String ABOUT = "about";

  static final String TOPIC = "topic";

  /** Tells whether the answer is negative; null if no model has answered. */
  static final String NEGATIVE = "negative";

  /** Holds the probability of the negative classes together. */
  static final String PROBABILITY = "probability";

  /** Names the model that answered. */
  static final String MODEL = "model";

  /** Tells whether a model has read the document. */
  static final String IS_READ = "is_read";

  /** Tells whether the model before the one in use called the document negative; or null. */
  static final String BEFORE = "negative_before";

  /** Tells the same of the model in use. */
  static final String NOW = "negative_now";

  private static final String MOOD = "mood";
  private static final String IS_IN_USE = "is_in_use";

  private Readings() {}

  /**
   * Says what is read of the tables.
   *
   * @param before the model before the one in use; empty if there was none
   */
  record Wanted(
      MoodHeads heads, List<String> entities, String zone, String model, Optional<String> before) {}

  /**
   * Joins the tables.
   *
   * @param clean all rows of the table of clean documents at one snapshot
   * @param scores rows of {@link Scores}
   */
  static Dataset<Row> of(Dataset<Row> clean, Dataset<Row> scores, Wanted wanted) {
    Dataset<Row> documents =
        CurrentDocuments.withoutTexts(clean)
            .select(
                col(Documents.ID),
                col(Documents.RUN),
                col(Documents.SOURCE),
                col(Documents.PUBLISHED_AT).as(AT),
                day(wanted.zone()).as(DAY),
                coalesce(col(CleanDocuments.CLUSTER), col(Documents.ID)).as(CLUSTER),
                about(wanted.entities()).as(ABOUT),
                col(CleanDocuments.TEXT_HASH));
    Column mood = col(MOOD);
    Column isRead = wanted.heads().sentiment().isPresent() ? mood : col(TOPIC);
    return documents
        .join(
            answers(scores, wanted), ColumnNames.of(Documents.ID, CleanDocuments.TEXT_HASH), "left")
        .select(
            col(ID),
            col(RUN),
            col(SOURCE),
            col(AT),
            col(DAY),
            col(CLUSTER),
            col(ABOUT),
            col(TOPIC),
            mood.getField(NEGATIVE).as(NEGATIVE),
            mood.getField(PROBABILITY).as(PROBABILITY),
            coalesce(mood.getField(MODEL), lit(wanted.model())).as(MODEL),
            isRead.isNotNull().as(IS_READ),
            col(BEFORE),
            col(NOW));
  }

  /** Counts the day from the epoch, whatever the time zone of the session. */
  private static Column day(String zone) {
    // The name of a zone holds no quotes: its validation let it pass.
    return expr(
        "date_add(DATE'1970-01-01', cast(floor(unix_seconds(from_utc_timestamp(%s, '%s')) / 86400) as int))"
            .formatted(Documents.PUBLISHED_AT, zone));
  }

  private static Column about(List<String> columns) {
    return columns.isEmpty()
        ? array().cast(DataTypes.createArrayType(DataTypes.StringType))
        : array(
            columns.stream()
                .map(column -> element_at(col(Documents.EXTRA), column))
                .toArray(Column[]::new));
  }

  private static Dataset<Row> answers(Dataset<Row> scores, Wanted wanted) {
    MoodHeads heads = wanted.heads();
    Column isMood = col(Scores.HEAD).equalTo(heads.sentiment().orElse(""));
    Column isTopic = col(Scores.HEAD).equalTo(heads.topic().orElse(""));
    // After a rollback the answers of the model that was removed are later than those in use.
    Column order =
        struct(
            col(Scores.MODEL).equalTo(wanted.model()).as(IS_IN_USE),
            col(Scores.SCORED_AT),
            col(Scores.MODEL));
    Column isNegative = col(Scores.LABEL).isin(heads.negative().toArray());
    return scores
        .where(isMood.or(isTopic))
        .select(
            col(Scores.DOCUMENT_ID),
            col(Scores.TEXT_HASH),
            col(Scores.HEAD),
            col(Scores.LABEL),
            col(Scores.MODEL),
            col(Scores.SCORED_AT),
            isNegative.as(NEGATIVE),
            probability(heads.negative()).as(PROBABILITY))
        .groupBy(col(Scores.DOCUMENT_ID).as(Documents.ID), col(Scores.TEXT_HASH))
        .agg(
            max_by(
                    struct(col(NEGATIVE), col(PROBABILITY), col(Scores.MODEL).as(MODEL)),
                    when(isMood, order))
                .as(MOOD),
            max_by(col(Scores.LABEL), when(isTopic, order)).as(TOPIC),
            by(wanted.before().orElse(""), isMood).as(BEFORE),
            by(wanted.model(), isMood).as(NOW));
  }

  private static Column by(String model, Column isMood) {
    return max_by(
        col(NEGATIVE), when(isMood.and(col(Scores.MODEL).equalTo(model)), col(Scores.SCORED_AT)));
  }

  private static Column probability(List<String> negative) {
    Column sum = lit(0.0);
    for (String label : negative) {
      sum =
          sum.plus(
              coalesce(
                  element_at(col(Scores.PROBABILITIES), label).cast(DataTypes.DoubleType),
                  lit(0.0)));
    }
    return sum;
  }
}
