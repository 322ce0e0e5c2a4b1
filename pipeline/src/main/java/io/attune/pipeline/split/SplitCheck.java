package io.attune.pipeline.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Checks that no document has a copy in another split. */
public final class SplitCheck {
  private static final int SHOWN = 3;

  private SplitCheck() {}

  /**
   * Compares the splits of documents with the same letters and digits, and of those in one cluster.
   *
   * @param documents with their splits
   * @throws Failure.BadInput naming pairs that a model would be tested on after it was trained on
   */
  public static void requireNoCopiesAcross(Dataset<Row> documents) {
    JobDescription.during(
        documents.sparkSession(),
        "split: look for copies across splits",
        () -> {
          require(documents, CleanDocuments.TEXT_HASH, "the same text");
          require(documents, CleanDocuments.CLUSTER, "nearly the same text");
          return null;
        });
  }

  private static void require(Dataset<Row> documents, String key, String what) {
    List<Row> torn =
        documents
            .where(col(key).isNotNull())
            .groupBy(key)
            .agg(
                min(struct(Splits.SPLIT, Documents.ID)).as("first"),
                max(struct(Splits.SPLIT, Documents.ID)).as("last"))
            .where(col("first." + Splits.SPLIT).notEqual(col("last." + Splits.SPLIT)))
            .orderBy(key)
            .limit(SHOWN)
            .collectAsList();
    if (!torn.isEmpty()) {
      throw new Failure.BadInput(
          "Documents with %s are in different splits, so that a model would be tested on what it"
              + " learned: %s; ingest the corpora that hold them again in a new task, or remove the"
              + " copies from their files",
          what,
          torn.stream()
              .map(row -> side(row.getStruct(1)) + " and " + side(row.getStruct(2)))
              .collect(Collectors.joining("; ")));
    }
  }

  private static String side(Row side) {
    return "'%s' in %s".formatted(side.getString(1), side.getString(0));
  }
}
