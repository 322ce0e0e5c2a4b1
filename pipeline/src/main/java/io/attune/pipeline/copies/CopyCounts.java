package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts what became of the documents of a night.
 *
 * @param kept that are used
 * @param rejected for any reason, copies or not
 * @param replaced of earlier nights that no longer count
 * @param conflicts with the text of another and another label, one of the two of which counts
 * @param nearRejected of the rejected ones, near copies
 * @param nearKept of the kept ones, near copies
 */
public record CopyCounts(
    long kept, long rejected, long replaced, long conflicts, long nearRejected, long nearKept) {

  /** Names the column of outcomes that counts documents. */
  public static final String RECORDS = "records";

  /** Names the column of outcomes with file, line and detail of the first document. */
  public static final String FIRST = "first";

  private static final String CORRECTED = "corrected";
  private static final String SUPERSEDED = "superseded";
  private static final String CONFLICTS = "conflicts";
  private static final String NEAR = "near";

  /**
   * Returns how many documents are counted.
   *
   * @param counts of {@link Texts#counts}
   */
  static long records(Dataset<Row> counts) {
    return counts.agg(coalesce(sum(RECORDS), lit(0L))).head().getLong(0);
  }

  /**
   * Returns counts without some documents; what came first stays, whatever it was.
   *
   * @param documents with corpus, source and reason
   * @param counts of {@link Texts#counts}, these documents among them
   */
  static Dataset<Row> without(Dataset<Row> documents, Dataset<Row> counts) {
    Column[] group = {col(Documents.CORPUS), col(Documents.SOURCE), col(Judgement.REASON)};
    Dataset<Row> less = documents.groupBy(group).agg(count(lit(1)).multiply(-1).as(RECORDS));
    return counts
        .unionByName(less, true)
        .groupBy(group)
        .agg(sum(RECORDS).as(RECORDS), min(FIRST).as(FIRST))
        .where(col(RECORDS).gt(0));
  }

  /**
   * Counts documents by corpus and by what became of them.
   *
   * @param judged those that were compared with others
   * @param others counts of the rest: corpus, reason, {@link #RECORDS}, {@link #FIRST}
   */
  static List<Row> outcomes(Dataset<Row> judged, Dataset<Row> others) {
    Column isUsed = Judgement.isFit();
    Dataset<Row> compared =
        judged.select(
            col(Documents.CORPUS),
            col(Judgement.REASON),
            lit(1L).as(RECORDS),
            struct(Documents.FILE, Documents.LINE, Judgement.DETAIL).as(FIRST),
            one(col(Columns.CORRECTS)).as(CORRECTED),
            one(when(isUsed, col(Columns.SUPERSEDES))).as(SUPERSEDED),
            one(when(isUsed, col(Columns.CONFLICT))).as(CONFLICTS),
            one(when(isUsed, col(CleanDocuments.CLUSTER_SIMILARITY))).as(NEAR));
    Dataset<Row> rest =
        others.select(
            col(Documents.CORPUS),
            col(Judgement.REASON),
            col(RECORDS),
            col(FIRST),
            lit(0L).as(CORRECTED),
            lit(0L).as(SUPERSEDED),
            lit(0L).as(CONFLICTS),
            lit(0L).as(NEAR));
    return compared
        .union(rest)
        .groupBy(Documents.CORPUS, Judgement.REASON)
        .agg(
            sum(RECORDS).as(RECORDS),
            min(FIRST).as(FIRST),
            sum(CORRECTED).as(CORRECTED),
            sum(SUPERSEDED).as(SUPERSEDED),
            sum(CONFLICTS).as(CONFLICTS),
            sum(NEAR).as(NEAR))
        .collectAsList();
  }

  private static Column one(Column value) {
    return when(value.isNotNull(), 1L).otherwise(0L);
  }

  static CopyCounts of(List<Row> outcomes) {
    long kept = 0;
    long rejected = 0;
    long replaced = 0;
    long conflicts = 0;
    long nearRejected = 0;
    long nearKept = 0;
    for (Row row : outcomes) {
      String reason = row.getAs(Judgement.REASON);
      long records = row.getAs(RECORDS);
      kept += reason == null ? records : 0;
      rejected += reason == null ? 0 : records;
      replaced += row.<Long>getAs(CORRECTED) + row.<Long>getAs(SUPERSEDED);
      conflicts += Judgement.LABEL_CONFLICT.equals(reason) ? records : row.<Long>getAs(CONFLICTS);
      nearRejected += Judgement.NEAR_DUPLICATE.equals(reason) ? records : 0;
      nearKept += row.<Long>getAs(NEAR);
    }
    return new CopyCounts(kept, rejected, replaced, conflicts, nearRejected, nearKept);
  }

  /** Returns one line for people; what did not happen is left out. */
  public String summary() {
    return "%,d documents kept, %,d rejected".formatted(kept, rejected)
        + part(nearRejected, "near copies among these")
        + part(nearKept, "near copies kept")
        + part(replaced, "of earlier nights replaced")
        + part(conflicts, "with the text of another and another label");
  }

  private static String part(long number, String what) {
    return number == 0 ? "" : ", %,d %s".formatted(number, what);
  }

  /** Returns the same for machines. */
  public Map<String, Long> byName() {
    return Map.of(
        "documents", kept,
        "rejected", rejected,
        "replaced", replaced,
        "label-conflicts", conflicts,
        "near-duplicates", nearRejected,
        "near-copies-kept", nearKept);
  }
}
