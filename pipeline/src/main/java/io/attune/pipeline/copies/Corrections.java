package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Lets the latest record of an id count. Within a night that is the one in the last file by name,
 * and there the last by line and in it; of nights the later one. A record that says the same as the
 * one it would replace is a duplicate.
 *
 * <p>An id that was not given but made of source and text identifies a text, not a record: within a
 * night such records are copies of each other, not corrections.
 */
final class Corrections {
  /** Says whether the id was not given but made of source and text. */
  static final String ID_IS_MADE = "id_is_made";

  /** Is the length of a SHA-256. */
  private static final int HEXADECIMAL_DIGITS = 64;

  private Corrections() {}

  /** Adds, to documents as they were read, whether the id was made of source and text. */
  static Dataset<Row> withMadeIds(Dataset<Row> documents) {
    Column content =
        concat(
            part(Documents.SOURCE),
            lit("\0"),
            part(Documents.TITLE),
            lit("\0"),
            part(Documents.TEXT));
    Column prefix = concat(col(Documents.CORPUS), lit(":"));
    Column isAsLong =
        length(col(Documents.ID)).equalTo(length(prefix).plus(lit(HEXADECIMAL_DIGITS)));
    return documents.withColumn(
        ID_IS_MADE,
        coalesce(
            when(
                isAsLong,
                col(Documents.ID).equalTo(concat(prefix, sha2(content.cast("binary"), 256)))),
            lit(false)));
  }

  private static Column part(String column) {
    return coalesce(col(column), lit("null"));
  }

  /** Rejects all but the last fit record of each given id. */
  static Dataset<Row> withinNight(Dataset<Row> rows) {
    Column isGiven = Judgement.isFit().and(not(col(ID_IS_MADE)));
    return ofSeveral(rows.where(isGiven)).unionByName(rows.where(not(isGiven))).drop(ID_IS_MADE);
  }

  /** Rejects all but the last record of each id. */
  private static Dataset<Row> ofSeveral(Dataset<Row> rows) {
    String isLast = "is_last";
    String same = "says_the_same";
    String last = "last_record";
    WindowSpec sameId =
        Window.partitionBy(Documents.ID)
            .orderBy(
                col(Documents.FILE).desc(),
                col(Documents.LINE).desc(),
                col(Texts.PLACE).desc(), // many records may stand on one line
                col(Signatures.CONTENT_HASH).desc());
    Dataset<Row> compared =
        rows.withColumn(isLast, row_number().over(sameId).equalTo(1))
            .withColumn(
                last,
                first(struct(Signatures.CONTENT_HASH, Documents.FILE, Documents.LINE)).over(sameId))
            .withColumn(
                same,
                col(last + "." + Signatures.CONTENT_HASH).equalTo(col(Signatures.CONTENT_HASH)));
    Column where =
        concat(col(last + "." + Documents.FILE), lit(", line "), col(last + "." + Documents.LINE));
    return Judgement.reject(
            compared,
            not(col(isLast)),
            when(col(same), Judgement.DUPLICATE_ID).otherwise(Judgement.REPLACED),
            when(col(same), concat(lit("the record again in "), where))
                .otherwise(concat(lit("its id has another record in "), where)))
        .drop(isLast, same, last);
  }

  /**
   * Rejects documents that an earlier run has unchanged, and adds {@link Columns#CORRECTS} to those
   * that an earlier run has otherwise. Where one of the records of an id says what the earlier run
   * has, the others are copies of it: they were so when it was taken, or would have corrected it.
   *
   * @param history null if there is none
   */
  static Dataset<Row> againstEarlier(Dataset<Row> rows, History history) {
    if (history == null) {
      return rows.withColumn(Columns.CORRECTS, noRow());
    }
    Column known = col(Columns.CORRECTS + "." + Signatures.CONTENT_HASH);
    Column isSame = known.equalTo(col(Signatures.CONTENT_HASH));
    String saysWhatIsKnown = "says_what_is_known";
    Dataset<Row> compared =
        rows.join(known(rows, history), ColumnNames.of(Documents.ID), "left")
            .withColumn(
                saysWhatIsKnown,
                max(when(Judgement.isFit(), isSame)).over(Window.partitionBy(Documents.ID)));
    Column where = concat(lit("is in run "), col(Columns.CORRECTS + "." + Signatures.RUN));
    Dataset<Row> judged =
        Judgement.reject(
            compared,
            col(saysWhatIsKnown),
            when(isSame, Judgement.DUPLICATE_ID).otherwise(Judgement.DUPLICATE),
            when(isSame, concat(lit("the same document "), where))
                .otherwise(concat(lit("the same text "), where)));
    return judged
        .withColumn(
            Columns.CORRECTS, when(Judgement.isFit(), withoutContent(col(Columns.CORRECTS))))
        .drop(saysWhatIsKnown);
  }

  /** Returns the ids of documents, of {@link #againstEarlier}, that correct one of that run. */
  static Dataset<Row> correctedIds(Dataset<Row> known) {
    return known.where(col(Columns.CORRECTS).isNotNull()).select(Documents.ID).distinct();
  }

  private static Dataset<Row> known(Dataset<Row> rows, History history) {
    Dataset<Row> ids = rows.where(Judgement.isFit()).select(Documents.ID).distinct();
    return history
        .signatures()
        .join(ids, ColumnNames.of(Documents.ID), "left_semi")
        .groupBy(Documents.ID)
        .agg(
            max(struct(
                    col(Signatures.ID),
                    col(Signatures.RUN),
                    col(Signatures.CLUSTER),
                    col(Signatures.CLUSTER_SINCE),
                    col(Signatures.CORPUS),
                    col(Signatures.FILE),
                    col(Signatures.LINE),
                    col(Signatures.CONTENT_HASH)))
                .as(Columns.CORRECTS));
  }

  private static Column withoutContent(Column row) {
    return row.dropFields(ColumnNames.of(Signatures.CONTENT_HASH));
  }

  /** Returns null with the type of a row of an earlier run. */
  static Column noRow() {
    return lit(null)
        .cast(
            "struct<id:string,run:string,cluster:string,cluster_since:timestamp,corpus:string,"
                + "file:string,line:bigint>");
  }
}
