package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/** Names and computes the columns that documents have while they are compared. */
final class Columns {
  /** Holds the labels as {@link LabelWords}. */
  static final String LABEL_WORD = "label_word";

  /** Holds how many letters, digits and signs the text has. */
  static final String KEY_LENGTH = "key_length";

  /** Holds the set of {@link Shingles}. */
  static final String SHINGLES = "shingles";

  /**
   * Holds of the row of an earlier run that the document corrects: {@code id, run, cluster,
   * cluster_since, corpus, file, line}; null where it corrects none.
   */
  static final String CORRECTS = "corrects";

  /**
   * Holds the same of the row of an earlier run with the same text that the document supersedes.
   */
  static final String SUPERSEDES = "supersedes";

  /** Says in which heads it disagrees with the row that it supersedes; null in none. */
  static final String CONFLICT = "conflict";

  /** Counts the documents of the night with the text. */
  static final String ALIKE = "alike";

  /** Holds whether the document was fit before copies were looked for. */
  static final String FIT = "fit";

  /** Sets up to how many rows of one column of numbers are sent to every executor: about 10 MB. */
  private static final long MAX_BROADCAST = 1_000_000;

  private Columns() {}

  /** Adds {@link #SHINGLES} of documents with normalised texts. */
  static Dataset<Row> withShingles(Dataset<Row> documents) {
    UDF2<String, String, byte[]> shingles =
        (title, text) -> Shingles.of(Letters.of(DocumentText.of(title, text)));
    return documents.withColumn(
        SHINGLES,
        udf(shingles, DataTypes.BinaryType).apply(col(Documents.TITLE), col(Documents.TEXT)));
  }

  /** Returns 0 for a declared test document, 1 for a declared validation one, 2 for others. */
  static Column preference() {
    return when(col(Documents.DECLARED_SPLIT).equalTo(Split.TEST.word()), 0)
        .when(col(Documents.DECLARED_SPLIT).equalTo(Split.VALIDATION.word()), 1)
        .otherwise(2);
  }

  /** Returns the source of a document, or its corpus where no source is known. */
  static Column source() {
    return coalesce(col(Documents.SOURCE), col(Documents.CORPUS));
  }

  /** Returns the sentence in which heads two texts of labels disagree; null in none. */
  static Column contradiction(Column here, Column there) {
    UDF2<String, String, String> contradiction = LabelWords::contradiction;
    return udf(contradiction, DataTypes.StringType).apply(here, there);
  }

  /** Returns whether labels are not all among others. */
  static Column addsTo(Column here, Column there) {
    UDF2<String, String, Boolean> adds = LabelWords::addsTo;
    return udf(adds, DataTypes.BooleanType).apply(here, there);
  }

  /**
   * Returns rows to join with, sent to every executor if they are few.
   *
   * @param rows of one column of numbers
   * @param number of rows
   */
  static Dataset<Row> sent(Dataset<Row> rows, long number) {
    return number <= MAX_BROADCAST ? broadcast(rows) : rows;
  }
}
