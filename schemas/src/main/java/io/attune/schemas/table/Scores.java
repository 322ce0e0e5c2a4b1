package io.attune.schemas.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Defines the table of what models answered to documents, which {@code score} writes: one row for
 * each document, head and model that read it.
 *
 * <p>{@link #DOCUMENT_ID}, {@link #TEXT_HASH}, {@link #HEAD} and {@link #MODEL} identify a row.
 */
public final class Scores {
  /** Holds {@link Documents#ID}. */
  public static final String DOCUMENT_ID = "document_id";

  /** Names the label head that is answered. */
  public static final String HEAD = "head";

  /** Holds the class of the highest probability, the first of equals in the model's order. */
  public static final String LABEL = "label";

  /** Holds the probability of every class of the head, by class; they sum to 1. */
  public static final String PROBABILITIES = "probabilities";

  /** Holds the version of the model, such as {@code 2026-01-02.1}. */
  public static final String MODEL = "model";

  /** Names the run that the row was written in, or the batch of a stream. */
  public static final String RUN = "run";

  /** Holds when the work that wrote the row began, the same in all rows of one commit. */
  public static final String SCORED_AT = "scored_at";

  /**
   * Holds {@link CleanDocuments#TEXT_HASH} of the text that was read: a document that came again
   * with another text has a row for each.
   */
  public static final String TEXT_HASH = "text_hash";

  public static final TableSchema SCHEMA =
      new TableSchema(
          "scores",
          1,
          new StructType()
              .add(DOCUMENT_ID, DataTypes.StringType)
              .add(HEAD, DataTypes.StringType)
              .add(LABEL, DataTypes.StringType)
              .add(
                  PROBABILITIES, DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType))
              .add(MODEL, DataTypes.StringType)
              .add(RUN, DataTypes.StringType)
              .add(SCORED_AT, DataTypes.TimestampType)
              .add(TEXT_HASH, DataTypes.StringType));

  private Scores() {}
}
