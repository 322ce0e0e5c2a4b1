package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;

/**
 * Documents fit to learn from: what {@code clean} writes and {@code tokenize} reads.
 *
 * <p>The columns of {@link Documents}, with title and text normalised and no two rows alike in
 * {@link #TEXT_HASH}.
 */
public final class CleanDocuments {
  /** SHA-256, in hexadecimal, of the normalised title and text. */
  public static final String TEXT_HASH = "text_hash";

  public static final TableSchema SCHEMA =
      new TableSchema("clean_documents", 1, Documents.COLUMNS.add(TEXT_HASH, DataTypes.StringType));

  private CleanDocuments() {}
}
