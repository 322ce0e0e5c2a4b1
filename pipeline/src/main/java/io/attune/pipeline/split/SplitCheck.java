package io.attune.pipeline.split;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Checks that no document has a copy in another split. */
public final class SplitCheck {
  private static final int SHOWN = 3;

  /** Kinds of copies, the closer one first. */
  private static final List<String> KINDS = List.of("the same text", "nearly the same text");

  private SplitCheck() {}

  /**
   * Compares the splits of documents with the same letters and digits, and of those in one cluster.
   *
   * @param documents with their splits
   * @throws Failure.BadInput naming pairs that a model would be tested on after it was trained on
   */
  public static void requireNoCopiesAcross(Dataset<Row> documents) {
    List<Row> torn =
        JobDescription.during(
            documents.sparkSession(),
            "split: look for copies across splits",
            () -> torn(documents));
    if (!torn.isEmpty()) {
      int kind = torn.get(0).getInt(0);
      throw new Failure.BadInput(
          "Documents with %s are in different splits, so that a model would be tested on what it"
              + " learned: %s; ingest the corpora that hold them again in a new task, or remove the"
              + " copies from their files",
          KINDS.get(kind),
          torn.stream()
              .filter(row -> row.getInt(0) == kind)
              .map(row -> side(row.getStruct(1)) + " and " + side(row.getStruct(2)))
              .collect(Collectors.joining("; ")));
    }
  }

  /** Returns the first torn groups: kind, a document in one split, and one in another. */
  private static List<Row> torn(Dataset<Row> documents) {
    String group = "group";
    return documents
        .select(
            explode(array(member(0, CleanDocuments.TEXT_HASH), member(1, CleanDocuments.CLUSTER)))
                .as(group),
            struct(Splits.SPLIT, Documents.ID).as("side"))
        .where(col(group + ".key").isNotNull())
        .groupBy(group)
        .agg(min("side").as("first"), max("side").as("last"))
        .where(col("first." + Splits.SPLIT).notEqual(col("last." + Splits.SPLIT)))
        .orderBy(group)
        .limit(SHOWN)
        .select(col(group + ".kind"), col("first"), col("last"))
        .collectAsList();
  }

  private static Column member(int kind, String key) {
    return struct(lit(kind).as("kind"), col(key).as("key"));
  }

  private static String side(Row side) {
    return "'%s' in %s".formatted(side.getString(1), side.getString(0));
  }
}
