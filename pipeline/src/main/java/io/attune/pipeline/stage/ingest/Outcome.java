package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.col;

import io.attune.schemas.table.Rejects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Says which rows of the outcome of ingest are documents, which rejects, and which the tallies that
 * each task adds behind what it read of a file. A tally is data, not an accumulator: a task that is
 * run twice counts once.
 */
final class Outcome {
  /** Stands as the stage of a tally. */
  private static final String TALLY = "tally";

  private static final int AT = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.STAGE));
  private static final int CORPUS = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.CORPUS));
  private static final int FILE = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.FILE));
  private static final int LINE = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.LINE));
  private static final int FIELD = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.FIELD));
  private static final int REASON = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.REASON));
  private static final int DETAIL = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.DETAIL));
  private static final int RECORD = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.RECORD));

  private Outcome() {}

  /**
   * Counts something of one file, or of the part of it that one task read.
   *
   * @param what {@code records}, {@code documents}, {@code kept} (rejects that are rows), or {@code
   *     reason}
   * @param reason of rejects; null otherwise
   * @param detail of the first of them
   * @param line of the first of them
   */
  record Tally(
      String corpus,
      String file,
      String what,
      long count,
      String reason,
      String detail,
      long line) {

    Row toRow() {
      Object[] values = new Object[DocumentMapper.OUTCOME.size()];
      values[AT] = TALLY;
      values[CORPUS] = corpus;
      values[FILE] = file;
      values[LINE] = count;
      values[FIELD] = what;
      values[REASON] = reason == null ? TALLY : reason;
      values[DETAIL] = detail;
      values[RECORD] = Long.toString(line);
      return RowFactory.create(values);
    }

    static Tally of(Row row) {
      return new Tally(
          row.getString(CORPUS),
          row.getString(FILE),
          row.getString(FIELD),
          row.getLong(LINE),
          row.getString(REASON),
          row.getString(DETAIL),
          Long.parseLong(row.getString(RECORD)));
    }
  }

  static String reasonOf(Row row) {
    return row.getString(REASON);
  }

  static String detailOf(Row row) {
    return row.getString(DETAIL);
  }

  static Column isDocument() {
    return col(rejected(Rejects.REASON)).isNull();
  }

  static Column isReject() {
    return col(rejected(Rejects.STAGE)).notEqual(TALLY);
  }

  static Column isTally() {
    return col(rejected(Rejects.STAGE)).equalTo(TALLY);
  }

  static String rejected(String column) {
    return DocumentMapper.REJECTED + column;
  }

  static StructType columns() {
    return DocumentMapper.OUTCOME;
  }
}
