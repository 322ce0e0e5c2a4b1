package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.asc_nulls_last;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.pipeline.storage.Scratch;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Finds, for the documents of a night, centres of earlier nights that they are similar to. Texts
 * are read only of runs in which a candidate is.
 */
final class EarlierCentres {
  private static final String BAND = "band";
  private static final String SHARED = "shared";
  private static final String THERE = "there";

  /** Limits the texts that one document is compared with: those with the most common bands. */
  private static final int MAX_CANDIDATES = 64;

  private final History history;
  private final Dataset<Row> candidates;
  private final Object[] runs;
  private final Scratch scratch;

  private EarlierCentres(History history, Dataset<Row> candidates, Scratch scratch) {
    this.history = history;
    this.candidates = candidates;
    this.scratch = scratch;
    this.runs =
        candidates.select(Signatures.RUN).distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .toArray();
  }

  /**
   * Finds candidates.
   *
   * @param bands of the night's documents: place, band
   * @param gone ids of documents of earlier nights that no longer count
   */
  static EarlierCentres of(
      History history, Dataset<Row> bands, Dataset<Row> gone, Scratch scratch) {
    return new EarlierCentres(history, scratch.keep(candidates(history, bands, gone)), scratch);
  }

  boolean hasCandidates() {
    return runs.length > 0;
  }

  /** Returns the places of the night's documents that may have a centre. */
  Dataset<Row> candidates() {
    return candidates.select(Texts.PLACE);
  }

  /**
   * Returns the first centre, in the order of documents, of each document that has one: place,
   * {@link NearCopies#CENTRE}.
   *
   * @param signed the night's documents with shingles
   */
  Dataset<Row> centres(Dataset<Row> signed, double similarity) {
    return scratch.keep(first(verified(signed, similarity)));
  }

  private static Dataset<Row> candidates(History history, Dataset<Row> bands, Dataset<Row> gone) {
    Dataset<Row> centres =
        history
            .signatures()
            .where(col(Signatures.IS_CENTRE).and(size(col(Signatures.BANDS)).gt(0)))
            .withColumn(BAND, explode(col(Signatures.BANDS)));
    return centres
        .join(bands, BAND)
        .groupBy(col(Texts.PLACE), col(Signatures.ID), col(Signatures.RUN))
        .agg(
            count(lit(1)).as(SHARED),
            min(struct(
                    Signatures.CLUSTER,
                    Signatures.CLUSTER_SINCE,
                    Signatures.LABELS,
                    Signatures.DECLARED_SPLIT,
                    Signatures.PUBLISHED_AT))
                .as(THERE))
        .join(gone, ColumnNames.of(Documents.ID), "left_anti")
        .withColumn(
            "place",
            row_number()
                .over(Window.partitionBy(Texts.PLACE).orderBy(desc(SHARED), col(Signatures.ID))))
        .where(col("place").leq(MAX_CANDIDATES))
        .drop("place", SHARED);
  }

  private Dataset<Row> verified(Dataset<Row> signed, double similarity) {
    Dataset<Row> wanted = candidates.select(Documents.ID, Documents.RUN).distinct();
    Dataset<Row> texts =
        history
            .documents()
            .where(col(Documents.RUN).isin(runs))
            .select(Documents.ID, Documents.RUN, Documents.TITLE, Documents.TEXT)
            .join(wanted, ColumnNames.of(Documents.ID, Documents.RUN), "left_semi");
    Dataset<Row> sets =
        Columns.withShingles(texts)
            .select(col(Documents.ID), col(Documents.RUN), col(Columns.SHINGLES).as("other"));
    return candidates
        .join(sets, ColumnNames.of(Documents.ID, Documents.RUN))
        .join(signed.select(Texts.PLACE, Columns.SHINGLES), Texts.PLACE)
        .withColumn(NearCopies.SIMILARITY, NearCopies.jaccard(col(Columns.SHINGLES), col("other")))
        .where(col(NearCopies.SIMILARITY).geq(similarity));
  }

  private static Dataset<Row> first(Dataset<Row> verified) {
    Dataset<Row> flat =
        verified.select(
            col(Texts.PLACE),
            col(NearCopies.SIMILARITY),
            col(Signatures.ID),
            col(Signatures.RUN),
            col(THERE + "." + Signatures.CLUSTER).as(Signatures.CLUSTER),
            col(THERE + "." + Signatures.CLUSTER_SINCE).as(Signatures.CLUSTER_SINCE),
            col(THERE + "." + Signatures.LABELS).as(Columns.LABEL_WORD),
            col(THERE + "." + Signatures.DECLARED_SPLIT).as(Documents.DECLARED_SPLIT),
            col(THERE + "." + Signatures.PUBLISHED_AT).as(Documents.PUBLISHED_AT));
    return flat.withColumn(
            "place",
            row_number()
                .over(
                    Window.partitionBy(Texts.PLACE)
                        .orderBy(
                            Columns.preference(),
                            col(Columns.LABEL_WORD).isNull(),
                            asc_nulls_last(Documents.PUBLISHED_AT),
                            col(Signatures.ID))))
        .where(col("place").equalTo(1))
        .select(
            col(Texts.PLACE),
            struct(
                    col(Signatures.ID),
                    col(Signatures.RUN),
                    col(Signatures.CLUSTER),
                    col(Signatures.CLUSTER_SINCE),
                    col(Columns.LABEL_WORD),
                    col(Documents.DECLARED_SPLIT),
                    col(NearCopies.SIMILARITY),
                    lit(false).as(NearCopies.IS_NEW))
                .as(NearCopies.CENTRE));
  }
}
