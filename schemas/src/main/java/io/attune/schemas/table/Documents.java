package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of documents as they were read, which {@code ingest} writes and {@code clean}
 * reads.
 */
public final class Documents {
  /**
   * Identifies a document within a task: given by the corpus, or SHA-256 of corpus, source and
   * text.
   */
  public static final String ID = "id";

  public static final String CORPUS = "corpus";

  /** Names the publisher, such as a newswire or a shop; may be null. */
  public static final String SOURCE = "source";

  /** Holds the time of publication in UTC; may be null. */
  public static final String PUBLISHED_AT = "published_at";

  /**
   * Holds the language by BCP 47, such as {@code en} or {@code zh}; null if the corpus does not
   * say.
   */
  public static final String LANGUAGE = "language";

  public static final String TITLE = "title";
  public static final String TEXT = "text";

  /** Holds the label by head; a head without a label is absent. */
  public static final String LABELS = "labels";

  /** Names the split that the whole corpus is declared to be; null if the split rule decides. */
  public static final String DECLARED_SPLIT = "declared_split";

  /** Holds fields of the corpus that are kept unchanged, such as a ticker. */
  public static final String EXTRA = "extra";

  /** Names the run that ingested it. */
  public static final String RUN = "run";

  public static final String FILE = "file";

  /** Holds the line or row, from 1; always 1 in folders of text. */
  public static final String LINE = "line";

  static final StructType COLUMNS =
      new StructType()
          .add(ID, DataTypes.StringType)
          .add(CORPUS, DataTypes.StringType)
          .add(SOURCE, DataTypes.StringType)
          .add(PUBLISHED_AT, DataTypes.TimestampType)
          .add(LANGUAGE, DataTypes.StringType)
          .add(TITLE, DataTypes.StringType)
          .add(TEXT, DataTypes.StringType)
          .add(LABELS, DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add(DECLARED_SPLIT, DataTypes.StringType)
          .add(EXTRA, DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add(RUN, DataTypes.StringType)
          .add(FILE, DataTypes.StringType)
          .add(LINE, DataTypes.LongType);

  public static final TableSchema SCHEMA = new TableSchema("documents", 1, COLUMNS);

  private Documents() {}
}
