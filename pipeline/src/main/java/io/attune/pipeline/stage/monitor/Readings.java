package io.attune.pipeline.stage.monitor;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Scores;
import java.util.List;
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

  /**
   * Holds the answers of other models, the latest first, as an array; null if the model in use has
   * not read the document.
   */
  static final String OTHERS = "others";

  private static final String MOOD = "mood";
  private static final String IS_IN_USE = "is_in_use";
  private static final String IS_MOOD = "is_mood";
  private static final String LABEL = "label";

  private Readings() {}

  /**
   * Says what is read of the tables.
   *
   * @param entities columns that name whom a text is about
   * @param zone in which a day begins
   * @param model in use
   */
  record Wanted(MoodHeads heads, List<String> entities, String zone, String model) {}

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
            when(mood.getField(MODEL).equalTo(wanted.model()), sort_array(col(OTHERS), false))
                .as(OTHERS));
  }

  /** Returns whether another model calls a document negative that both have read; or null. */
  static Column negativeTo(String other) {
    return answerOf(other, true).getField(NEGATIVE);
  }

  /** Returns the topic that another model gives to a document that both have read; or null. */
  static Column topicTo(String other) {
    return answerOf(other, false).getField(LABEL);
  }

  private static Column answerOf(String other, boolean isMood) {
    return filter(
            col(OTHERS),
            answer ->
                answer.getField(MODEL).equalTo(other).and(answer.getField(IS_MOOD).equalTo(isMood)))
        .getItem(0);
  }

  /** Returns one row for each other model that has read a document that the one in use has read. */
  static Dataset<Row> readers(Dataset<Row> readings) {
    Column moods = filter(col(OTHERS), answer -> answer.getField(IS_MOOD));
    return readings.select(explode(array_distinct(moods.getField(MODEL))).as(MODEL));
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
            collect_list(
                    when(
                        col(Scores.MODEL).notEqual(wanted.model()),
                        struct(
                            col(Scores.SCORED_AT),
                            col(Scores.MODEL).as(MODEL),
                            isMood.as(IS_MOOD),
                            col(NEGATIVE),
                            col(Scores.LABEL).as(LABEL))))
                .as(OTHERS));
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
