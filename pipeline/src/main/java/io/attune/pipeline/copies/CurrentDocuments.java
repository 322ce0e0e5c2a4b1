package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.to_date;

import io.attune.pipeline.JobDescription;
import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads the table of clean documents as it is valid: every document in its latest version. */
public final class CurrentDocuments {
  private static final String REPLACED = "replaced";

  /** Sets up to how many replaced rows are sent to every executor: about 100 MB. */
  private static final long MAX_BROADCAST = 1_000_000;

  private CurrentDocuments() {}

  /**
   * Returns the rows that no row of the table replaces. Reads one column to see whether any row
   * does.
   *
   * @param clean all rows of the table at one snapshot
   */
  public static Dataset<Row> of(Dataset<Row> clean) {
    return without(clean.where(isDocument()), replacedBy(clean));
  }

  /**
   * Returns the same rows without title and text, and reads neither: rows with a hash of a text are
   * those with a text.
   *
   * @param clean all rows of the table at one snapshot
   */
  public static Dataset<Row> withoutTexts(Dataset<Row> clean) {
    return without(clean.where(col(CleanDocuments.TEXT_HASH).isNotNull()), replacedBy(clean))
        .drop(Documents.TITLE, Documents.TEXT);
  }

  /** Returns the day of a document: of its publication or, where that is not known, of its run. */
  public static Column day() {
    return coalesce(
        to_date(col(Documents.PUBLISHED_AT)), to_date(substring_index(col(Documents.RUN), ".", 1)));
  }

  /** Returns whether a row of the table is a document, not only the end of an earlier one. */
  public static Column isDocument() {
    return col(Documents.TITLE).isNotNull().or(col(Documents.TEXT).isNotNull());
  }

  /** Returns id and run of every row that some row replaces. */
  static Dataset<Row> replacedBy(Dataset<Row> clean) {
    return clean
        .where(col(CleanDocuments.REPLACES).isNotNull())
        .select(explode(col(CleanDocuments.REPLACES)).as(REPLACED))
        .select(
            col(REPLACED + "." + Documents.ID).as(Documents.ID),
            col(REPLACED + "." + Documents.RUN).as(Documents.RUN));
  }

  /** Returns the rows, with id and run, that are not replaced. */
  static Dataset<Row> without(Dataset<Row> rows, Dataset<Row> replaced) {
    long number =
        JobDescription.during(
            rows.sparkSession(), "clean documents: count replaced ones", replaced::count);
    if (number == 0) {
      return rows;
    }
    Dataset<Row> gone = number <= MAX_BROADCAST ? broadcast(replaced) : replaced;
    return rows.join(gone, ColumnNames.of(Documents.ID, Documents.RUN), "left_anti");
  }
}
