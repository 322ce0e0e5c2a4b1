package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of what {@code clean} changed in the texts of a night: one row for each corpus
 * and kind of change, and for each line of boilerplate. The texts as they were read are in {@link
 * Documents}.
 */
public final class TextChanges {
  public static final String RUN = "run";
  public static final String CORPUS = "corpus";

  /** Holds a short, stable word such as {@code tags} or {@code email}. */
  public static final String CHANGE = "change";

  /** Counts the documents of the corpus that were changed so. */
  public static final String DOCUMENTS = "documents";

  /** Counts the changes in all of them. */
  public static final String AMOUNT = "amount";

  /** Holds the first of them by file and line, cut; null where it may identify a person. */
  public static final String EXAMPLE = "example";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "text_changes",
          1,
          new StructType()
              .add(RUN, DataTypes.StringType)
              .add(CORPUS, DataTypes.StringType)
              .add(CHANGE, DataTypes.StringType)
              .add(DOCUMENTS, DataTypes.LongType)
              .add(AMOUNT, DataTypes.LongType)
              .add(EXAMPLE, DataTypes.StringType));

  private TextChanges() {}
}
