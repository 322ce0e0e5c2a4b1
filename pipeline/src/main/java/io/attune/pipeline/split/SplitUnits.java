package io.attune.pipeline.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Determines which documents are divided as one. */
final class SplitUnits {
  private static final String CLUSTER = "split_cluster";
  private static final String GROUP = "split_group";
  private static final String SOURCE = "source";

  private SplitUnits() {}

  /**
   * Adds a column with the unit of each document: its group, where the configuration names one and
   * it has one, else its cluster. All documents of a cluster have the group of its first document,
   * or of the one with the smallest id where that one is gone.
   */
  static Dataset<Row> add(Dataset<Row> documents, String unit, SplitConfig config) {
    Column cluster = coalesce(col(CleanDocuments.CLUSTER), col(Documents.ID));
    if (!config.isGrouped()) {
      return documents.withColumn(unit, cluster);
    }
    Column group =
        config.group().equals(SOURCE)
            ? col(Documents.SOURCE)
            : col(Documents.EXTRA).getItem(config.group());
    Dataset<Row> known = documents.withColumn(CLUSTER, cluster).withColumn(GROUP, group);
    Dataset<Row> shared =
        known.where(col(CLUSTER).notEqual(col(Documents.ID))).select(CLUSTER).distinct();
    String first = "group_of_cluster";
    Dataset<Row> groups =
        known
            .select(CLUSTER, Documents.ID, GROUP)
            .join(shared, CLUSTER)
            .groupBy(CLUSTER)
            .agg(
                lit(true).as("is_shared"),
                min_by(
                        struct(GROUP),
                        struct(
                            col(CLUSTER).notEqual(col(Documents.ID)).as("is_member"),
                            col(Documents.ID)))
                    .as(first));
    return known
        .join(groups, ColumnNames.of(CLUSTER), "left")
        .withColumn(
            unit,
            coalesce(
                when(col("is_shared"), col(first + "." + GROUP)).otherwise(col(GROUP)),
                col(CLUSTER)))
        .drop(CLUSTER, GROUP, "is_shared", first);
  }
}
