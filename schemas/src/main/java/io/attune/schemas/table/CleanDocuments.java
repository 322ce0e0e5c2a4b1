package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;

/**
 * Defines the table of documents fit for training, which {@code clean} writes and {@code tokenize}
 * reads.
 *
 * <p>It has the columns of {@link Documents}, with title and text normalised and no two rows with
 * the same {@link #TEXT_HASH}.
 */
public final class CleanDocuments {
  /** Holds the SHA-256, in hexadecimal, of the normalised title and text. */
  public static final String TEXT_HASH = "text_hash";

  public static final TableSchema SCHEMA =
      new TableSchema("clean_documents", 1, Documents.COLUMNS.add(TEXT_HASH, DataTypes.StringType));

  private CleanDocuments() {}
}
