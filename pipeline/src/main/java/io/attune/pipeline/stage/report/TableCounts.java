package io.attune.pipeline.stage.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Rejects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts the rows of tables for the report: from table to table, without reading or writing files.
 */
final class TableCounts {
  static final String RECORDS = "records";
  static final String EXAMPLE = "example";
  static final String MONTH = "month";
  static final String HEAD = "head";
  static final String LABEL = "label";

  /**
   * Gives year and month in UTC whatever the session's time zone: the day is counted from the
   * epoch.
   */
  private static final String UTC_MONTH =
      "substring(cast(date_add(DATE'1970-01-01', cast(floor(unix_seconds("
          + Documents.PUBLISHED_AT
          + ") / 86400) as int)) as string), 1, 7)";

  private TableCounts() {}

  /** Counts documents or rejects by corpus: corpus, records. */
  static Dataset<Row> byCorpus(Dataset<Row> rows) {
    return rows.groupBy(Documents.CORPUS).agg(count(lit(1)).as(RECORDS));
  }

  /**
   * Counts rejects by stage, corpus and reason, most frequent first: those three, records, and the
   * first record by file and line.
   */
  static Dataset<Row> rejectsByReason(Dataset<Row> rejects) {
    Rejects.SCHEMA.requireIn(rejects.schema());
    return rejects
        .groupBy(Rejects.STAGE, Rejects.CORPUS, Rejects.REASON)
        .agg(
            count(lit(1)).as(RECORDS),
            min_by(
                    expr("coalesce(" + Rejects.RECORD + ", " + Rejects.DETAIL + ", '')"),
                    struct(col(Rejects.FILE), col(Rejects.LINE), col(Rejects.DETAIL)))
                .as(EXAMPLE))
        .orderBy(col(RECORDS).desc(), col(Rejects.STAGE), col(Rejects.CORPUS), col(Rejects.REASON));
  }

  /**
   * Counts dated, labelled documents, the latest month first: month, head, label, records. A
   * document counts once for each of its labels.
   */
  static Dataset<Row> byMonth(Dataset<Row> documents) {
    CleanDocuments.SCHEMA.requireIn(documents.schema());
    return documents
        .where(col(Documents.PUBLISHED_AT).isNotNull())
        .select(
            expr(UTC_MONTH).as(MONTH),
            explode(col(Documents.LABELS)).as(new String[] {HEAD, LABEL}))
        .where(col(LABEL).isNotNull())
        .groupBy(MONTH, HEAD, LABEL)
        .agg(count(lit(1)).as(RECORDS))
        .orderBy(col(MONTH).desc(), col(HEAD), col(RECORDS).desc(), col(LABEL));
  }
}
