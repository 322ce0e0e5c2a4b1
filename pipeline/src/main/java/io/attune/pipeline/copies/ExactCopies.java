package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Keeps one of the documents that have the same letters and digits.
 *
 * <p>Of those of a night a declared test document stays before a declared validation one before any
 * other, then one with labels, then the earliest, then the smallest id. Where their labels disagree
 * the latest stays instead of the earliest; without dates one with the labels that most of them
 * have.
 *
 * <p>A document of an earlier run stays, unless it has no labels and the new one has, or their
 * labels disagree and the new one was not published before it. Then the new one takes its place, if
 * both are of one declared split.
 */
final class ExactCopies {
  private static final String COPY = "copy";

  private ExactCopies() {}

  /**
   * Rejects all but one of the fit documents of a night that have the same text, and adds {@link
   * Columns#ALIKE}, and the earliest date of them as {@link CleanDocuments#CLUSTER_SINCE}.
   */
  static Dataset<Row> withinNight(Dataset<Row> rows) {
    Dataset<Row> unfit =
        rows.where(not(Judgement.isFit()))
            .withColumn(Columns.ALIKE, lit(1L))
            .withColumn(CleanDocuments.CLUSTER_SINCE, col(Documents.PUBLISHED_AT));
    return ofSeveral(rows.where(Judgement.isFit())).unionByName(unfit);
  }

  /** Rejects all but one of fit documents with the same text. */
  private static Dataset<Row> ofSeveral(Dataset<Row> rows) {
    String disagree = "disagree";
    String votes = "votes";
    String place = "place";
    String kept = "kept";
    WindowSpec alike = Window.partitionBy(CleanDocuments.TEXT_HASH);
    WindowSpec sameLabels = Window.partitionBy(CleanDocuments.TEXT_HASH, Columns.LABEL_WORD);
    Column time = expr("unix_micros(" + Documents.PUBLISHED_AT + ")");
    Column late = when(col(disagree), time.multiply(-1)).otherwise(time);
    WindowSpec byPreference =
        alike.orderBy(
            Columns.preference(),
            col(Columns.LABEL_WORD).isNull(),
            late.asc_nulls_last(),
            desc(votes),
            col(Documents.ID),
            col(Documents.FILE),
            col(Documents.LINE));
    UDF1<Seq<String>, Boolean> contradict =
        words -> LabelWords.disagree(JavaConverters.seqAsJavaList(words));
    Dataset<Row> compared =
        rows.withColumn(Columns.ALIKE, count(lit(1)).over(alike))
            .withColumn(CleanDocuments.CLUSTER_SINCE, min(col(Documents.PUBLISHED_AT)).over(alike))
            .withColumn(disagree, collect_set(Columns.LABEL_WORD).over(alike))
            .withColumn(
                disagree,
                when(size(col(disagree)).leq(1), false)
                    .otherwise(udf(contradict, DataTypes.BooleanType).apply(col(disagree))))
            .withColumn(
                votes, when(col(disagree), count(lit(1)).over(sameLabels)).otherwise(lit(0)))
            .withColumn(place, row_number().over(byPreference))
            .withColumn(kept, first(struct(Documents.ID, Columns.LABEL_WORD)).over(byPreference))
            .withColumn(
                Columns.CORRECTS, // once, where several records have one id that was made
                when(
                    col(place).equalTo(1).or(col(Documents.ID).notEqual(col(kept + ".id"))),
                    col(Columns.CORRECTS)));
    Column other =
        Columns.contradiction(col(Columns.LABEL_WORD), col(kept + "." + Columns.LABEL_WORD));
    Column same = concat(lit("the same text as document "), col(kept + "." + Documents.ID));
    return Judgement.reject(
            compared,
            col(place).gt(1),
            when(other.isNotNull(), Judgement.LABEL_CONFLICT).otherwise(Judgement.DUPLICATE),
            coalesce(concat(same, lit(", with another label: "), other), same))
        .drop(disagree, votes, place, kept);
  }

  /**
   * Rejects documents whose text an earlier run has, and adds {@link Columns#SUPERSEDES} and {@link
   * Columns#CONFLICT} to those that take its place.
   *
   * @param rows one of each text
   * @param history null if there is none
   * @param corrected ids of documents of earlier runs whose text no longer counts
   */
  static Dataset<Row> againstEarlier(Dataset<Row> rows, History history, Dataset<Row> corrected) {
    if (history == null) {
      return rows.withColumn(Columns.SUPERSEDES, Corrections.noRow())
          .withColumn(Columns.CONFLICT, lit(null).cast("string"));
    }
    Dataset<Row> compared =
        rows.join(
            known(rows, history, corrected), ColumnNames.of(CleanDocuments.TEXT_HASH), "left");
    Column labels = col(COPY + "." + Signatures.LABELS);
    Column contradiction = Columns.contradiction(col(Columns.LABEL_WORD), labels);
    Column isOlder =
        coalesce(
            col(Documents.PUBLISHED_AT).lt(col(COPY + "." + Signatures.PUBLISHED_AT)), lit(false));
    Column isBetter =
        contradiction
            .isNotNull()
            .and(not(isOlder))
            .or(col(Columns.LABEL_WORD).isNotNull().and(labels.isNull()))
            .and(
                col(Documents.DECLARED_SPLIT)
                    .eqNullSafe(col(COPY + "." + Signatures.DECLARED_SPLIT)));
    Column same =
        concat(
            lit("the same text as document "),
            col(COPY + "." + Signatures.ID),
            lit(" of run "),
            col(COPY + "." + Signatures.RUN));
    Dataset<Row> judged =
        Judgement.reject(
            compared,
            col(COPY).isNotNull().and(not(isBetter)),
            when(contradiction.isNotNull(), Judgement.LABEL_CONFLICT)
                .otherwise(Judgement.DUPLICATE),
            coalesce(concat(same, lit(", with another label: "), contradiction), same));
    return judged
        .withColumn(
            Columns.SUPERSEDES,
            when(
                Judgement.isFit(),
                col(COPY)
                    .dropFields(
                        ColumnNames.of(
                            "order",
                            Signatures.LABELS,
                            Signatures.DECLARED_SPLIT,
                            Signatures.PUBLISHED_AT))))
        .withColumn(Columns.CONFLICT, when(Judgement.isFit(), contradiction))
        .drop(COPY);
  }

  private static Dataset<Row> known(Dataset<Row> rows, History history, Dataset<Row> corrected) {
    Dataset<Row> texts = rows.where(Judgement.isFit()).select(CleanDocuments.TEXT_HASH).distinct();
    return history
        .signatures()
        .join(texts, ColumnNames.of(CleanDocuments.TEXT_HASH), "left_semi")
        .join(corrected, ColumnNames.of(Documents.ID), "left_anti")
        .groupBy(CleanDocuments.TEXT_HASH)
        .agg(
            min(struct(
                    Columns.preference().as("order"),
                    col(Signatures.ID),
                    col(Signatures.RUN),
                    col(Signatures.CLUSTER),
                    col(Signatures.CLUSTER_SINCE),
                    col(Signatures.CORPUS),
                    col(Signatures.FILE),
                    col(Signatures.LINE),
                    col(Signatures.LABELS),
                    col(Signatures.DECLARED_SPLIT),
                    col(Signatures.PUBLISHED_AT)))
                .as(COPY));
  }
}
