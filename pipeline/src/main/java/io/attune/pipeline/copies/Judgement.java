package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Names the columns in which documents carry why they are not to be used. */
public final class Judgement {
  /** Holds the reason as a word; null while the document is fit. */
  public static final String REASON = "reject_reason";

  /** Holds the reason in a sentence. */
  public static final String DETAIL = "reject_detail";

  /** Says that an earlier document has its id and all that it says. */
  public static final String DUPLICATE_ID = "duplicate-id";

  /** Says that a later record has its id and says otherwise. */
  public static final String REPLACED = "replaced";

  /** Says that another document has its text. */
  public static final String DUPLICATE = "duplicate";

  /** Says that another document has its text and another label, which counts. */
  public static final String LABEL_CONFLICT = "label-conflict";

  /** Says that another document has nearly its text. */
  public static final String NEAR_DUPLICATE = "near-duplicate";

  private static final String REJECTED = "rejected_now";

  private Judgement() {}

  static Column isFit() {
    return col(REASON).isNull();
  }

  /** Rejects the rows, of those that are fit, of which a condition is true. */
  static Dataset<Row> reject(Dataset<Row> rows, Column condition, Column reason, Column detail) {
    return rows.withColumn(REJECTED, isFit().and(coalesce(condition, lit(false))))
        .withColumn(DETAIL, when(col(REJECTED), detail).otherwise(col(DETAIL)))
        .withColumn(REASON, when(col(REJECTED), reason).otherwise(col(REASON)))
        .drop(REJECTED);
  }
}
