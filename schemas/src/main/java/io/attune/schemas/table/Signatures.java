package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of what {@code clean} must know of the documents of earlier runs to find their
 * copies and corrections without reading their texts: one row for each clean document, derived from
 * it and computed again where it is missing.
 */
public final class Signatures {
  public static final String RUN = "run";

  /** Names how hashes and bands are computed; rows of another scheme are computed again. */
  public static final String SCHEME = "scheme";

  public static final String ID = "id";
  public static final String CORPUS = "corpus";
  public static final String FILE = "file";
  public static final String LINE = "line";
  public static final String DECLARED_SPLIT = "declared_split";
  public static final String PUBLISHED_AT = "published_at";

  /** Holds the labels as one text, by which they are compared; null where there are none. */
  public static final String LABELS = "labels";

  /** Holds {@link CleanDocuments#TEXT_HASH}. */
  public static final String TEXT_HASH = "text_hash";

  /** Holds the SHA-256 of all that the record says: equal where a document came again unchanged. */
  public static final String CONTENT_HASH = "content_hash";

  public static final String CLUSTER = "cluster";
  public static final String CLUSTER_SINCE = "cluster_since";

  /** Holds whether other documents may be near copies of it: it is itself of none. */
  public static final String IS_CENTRE = "is_centre";

  /** Holds the hashes of the bands of its MinHash; empty where the text is too short for it. */
  public static final String BANDS = "bands";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "signatures",
          1,
          new StructType()
              .add(RUN, DataTypes.StringType)
              .add(SCHEME, DataTypes.StringType)
              .add(ID, DataTypes.StringType)
              .add(CORPUS, DataTypes.StringType)
              .add(FILE, DataTypes.StringType)
              .add(LINE, DataTypes.LongType)
              .add(DECLARED_SPLIT, DataTypes.StringType)
              .add(PUBLISHED_AT, DataTypes.TimestampType)
              .add(LABELS, DataTypes.StringType)
              .add(TEXT_HASH, DataTypes.StringType)
              .add(CONTENT_HASH, DataTypes.StringType)
              .add(CLUSTER, DataTypes.StringType)
              .add(CLUSTER_SINCE, DataTypes.TimestampType)
              .add(IS_CENTRE, DataTypes.BooleanType)
              .add(BANDS, DataTypes.createArrayType(DataTypes.LongType)));

  private Signatures() {}
}
