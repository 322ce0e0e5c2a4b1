package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of documents fit for training, which {@code clean} writes and {@code tokenize}
 * reads.
 *
 * <p>It has the columns of {@link Documents}, with title and text normalised. A row whose id and
 * run stand in {@link #REPLACES} of any row is out of date, and a row with neither title nor text
 * is no document: it only says what it replaces. Readers leave out both.
 */
public final class CleanDocuments {
  /**
   * Holds the SHA-256, in hexadecimal, of the letters and digits of title and text: equal for exact
   * copies, in rows that are not out of date of one document only.
   */
  public static final String TEXT_HASH = "text_hash";

  /**
   * Identifies the group of near copies that a document belongs to, by the id of the first document
   * of the group; a document without near copies is a group of its own. A group is in one split.
   * Null in rows of earlier versions.
   */
  public static final String CLUSTER = "cluster";

  /** Holds the time of publication that counts for the whole cluster where time divides. */
  public static final String CLUSTER_SINCE = "cluster_since";

  /** Holds the Jaccard similarity to the document that stands for the cluster; null in that one. */
  public static final String CLUSTER_SIMILARITY = "cluster_similarity";

  /**
   * Lists the rows of earlier runs, by {@code id} and {@code run}, that the row takes the place of.
   */
  public static final String REPLACES = "replaces";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "clean_documents",
          2,
          Documents.COLUMNS
              .add(TEXT_HASH, DataTypes.StringType)
              .add(CLUSTER, DataTypes.StringType)
              .add(CLUSTER_SINCE, DataTypes.TimestampType)
              .add(CLUSTER_SIMILARITY, DataTypes.DoubleType)
              .add(
                  REPLACES,
                  DataTypes.createArrayType(
                      new StructType()
                          .add(Documents.ID, DataTypes.StringType)
                          .add(Documents.RUN, DataTypes.StringType))));

  private CleanDocuments() {}
}
