package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Judges the documents of a night that share a key with another: first all but near copies. */
final class Comparison {
  private final Texts texts;
  private final History history;
  private final CopiesConfig config;
  private final Scratch scratch;

  /**
   * Prepares a comparison.
   *
   * @param history null if there is none
   */
  Comparison(Texts texts, History history, CopiesConfig config, Scratch scratch) {
    this.texts = texts;
    this.history = history;
    this.config = config;
    this.scratch = scratch;
  }

  /** Judges corrections and exact copies, and adds the cluster of each document. */
  Dataset<Row> exact(Dataset<Row> marks, CopyGuard guard) {
    Dataset<Row> night = scratch.keep(Corrections.withinNight(marks));
    Dataset<Row> compared =
        Corrections.againstEarlier(night, history).withColumn(Columns.FIT, Judgement.isFit());
    Dataset<Row> known = history == null ? compared : scratch.keep(compared);
    Dataset<Row> corrected = history == null ? null : scratch.keep(Corrections.correctedIds(known));
    Dataset<Row> judged =
        ExactCopies.againstEarlier(ExactCopies.withinNight(known), history, corrected);
    Column inherited =
        coalesce(col(Columns.SUPERSEDES + ".cluster"), col(Columns.CORRECTS + ".cluster"));
    Column since =
        when(col(Columns.SUPERSEDES).isNotNull(), col(Columns.SUPERSEDES + ".cluster_since"))
            .when(col(Columns.CORRECTS).isNotNull(), col(Columns.CORRECTS + ".cluster_since"))
            .otherwise(col(CleanDocuments.CLUSTER_SINCE));
    Dataset<Row> found =
        scratch.keep(
            judged
                .withColumn(CleanDocuments.CLUSTER_SINCE, since)
                .withColumn(CleanDocuments.CLUSTER, coalesce(inherited, col(Documents.ID))));
    guard.requirePlausibleExact(found);
    return found;
  }

  /**
   * Judges near copies.
   *
   * @param exact of {@link #exact}
   */
  Dataset<Row> near(Dataset<Row> exact, CopyGuard guard) {
    Optional<Dataset<Row>> found =
        config.near() == CopiesConfig.Near.IGNORE
            ? Optional.empty()
            : new NearCopies(exact, texts, history, config, scratch).find().map(scratch::keep);
    found.ifPresent(guard::requirePlausibleNear);
    return scratch.keep(
        found
            .map(rows -> NearCopies.judge(rows, config))
            .orElseGet(
                () ->
                    exact.withColumn(CleanDocuments.CLUSTER_SIMILARITY, lit(null).cast("double"))));
  }
}
