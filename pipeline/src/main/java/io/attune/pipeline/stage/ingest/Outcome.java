package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.col;

import io.attune.schemas.table.Rejects;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
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
  private static final int REASON = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.REASON));
  private static final int DETAIL = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.DETAIL));
  private static final int RECORD = DocumentMapper.OUTCOME.fieldIndex(rejected(Rejects.RECORD));

  private static final List<String> TALLY_COLUMNS =
      List.of(
          Rejects.CORPUS,
          Rejects.FILE,
          Rejects.LINE,
          Rejects.REASON,
          Rejects.DETAIL,
          Rejects.RECORD);

  private Outcome() {}

  /**
   * Counts what one task read of a file, or its rejects of one reason.
   *
   * @param count records that were read; with a reason, rejects
   * @param reason of rejects; null otherwise
   * @param detail of the first of them
   * @param line of the first of them
   * @param documents records that became documents; 0 with a reason
   * @param kept rejects that are rows; 0 with a reason
   */
  record Tally(
      String corpus,
      String file,
      long count,
      String reason,
      String detail,
      long line,
      long documents,
      long kept) {

    Row toRow() {
      Object[] values = new Object[DocumentMapper.OUTCOME.size()];
      values[AT] = TALLY;
      values[CORPUS] = corpus;
      values[FILE] = file;
      values[LINE] = count;
      values[REASON] = reason == null ? TALLY : reason;
      values[DETAIL] = detail;
      values[RECORD] = "%d %d %d".formatted(line, documents, kept);
      return RowFactory.create(values);
    }

    /** Reads a row of the columns {@link #TALLY_COLUMNS}. */
    static Tally of(Row row) {
      String reason = row.getString(3);
      String[] numbers = row.getString(5).split(" ", -1);
      return new Tally(
          row.getString(0),
          row.getString(1),
          row.getLong(2),
          reason.equals(TALLY) ? null : reason,
          row.getString(4),
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]));
    }
  }

  /** Returns the tallies among the rows. */
  static List<Tally> tallies(Dataset<Row> outcomes) {
    return outcomes
        .where(col(rejected(Rejects.STAGE)).equalTo(TALLY))
        .select(TALLY_COLUMNS.stream().map(name -> col(rejected(name))).toArray(Column[]::new))
        .collectAsList()
        .stream()
        .map(Tally::of)
        .toList();
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

  static String rejected(String column) {
    return DocumentMapper.REJECTED + column;
  }

  static StructType columns() {
    return DocumentMapper.OUTCOME;
  }
}
