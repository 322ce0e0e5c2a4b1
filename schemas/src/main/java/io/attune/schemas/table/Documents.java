package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Documents as they were found: what {@code ingest} writes and {@code clean} reads. */
public final class Documents {
  /** Given by the corpus, or SHA-256 of corpus, source and text; unique within a task. */
  public static final String ID = "id";

  public static final String CORPUS = "corpus";

  /** Who published it, such as a newswire or a shop; may be null. */
  public static final String SOURCE = "source";

  /** UTC; may be null. */
  public static final String PUBLISHED_AT = "published_at";

  /** BCP 47, such as {@code en} or {@code zh}; null where the corpus does not say. */
  public static final String LANGUAGE = "language";

  public static final String TITLE = "title";
  public static final String TEXT = "text";

  /** Label by head; a head without a label is absent. */
  public static final String LABELS = "labels";

  /** The split that the corpus as a whole was declared to be; null where the rule decides. */
  public static final String DECLARED_SPLIT = "declared_split";

  /** Fields of the corpus that were kept as they are, such as a ticker. */
  public static final String EXTRA = "extra";

  /** The run that brought it in. */
  public static final String RUN = "run";

  public static final String FILE = "file";

  /** Line, row or, in folders of text, 1; starts at 1. */
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
