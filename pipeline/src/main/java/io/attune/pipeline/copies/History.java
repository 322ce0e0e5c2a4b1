package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.Tables;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Signatures;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds what is known of those documents of all other runs that a document of a night may be a copy
 * or a correction of.
 *
 * @param signatures rows of {@link Signatures}, each document in its latest version; few others are
 *     among them
 * @param documents the rows of the table of clean documents that hold their texts
 */
record History(Dataset<Row> signatures, Dataset<Row> documents) {

  /**
   * Reads the signatures of every run but one, once. Those of runs that have none of this scheme
   * are computed from their texts and written.
   *
   * @param night the keys of the run's own documents
   * @return null if no other run has documents
   */
  static History before(String run, Tables tables, Scheme scheme, NightKeys night) {
    Set<String> runs = tables.runs(CleanDocuments.SCHEMA);
    runs.remove(run);
    if (runs.isEmpty()) {
      return null;
    }
    Dataset<Row> clean = tables.read(CleanDocuments.SCHEMA).where(col(Documents.RUN).notEqual(run));
    Dataset<Row> documents = clean.where(CurrentDocuments.isDocument());
    Set<String> unsigned = new TreeSet<>(runs);
    if (tables.exists(Signatures.SCHEMA)) {
      unsigned.removeAll(signed(tables, scheme));
    }
    for (String missing : unsigned) {
      tables.replaceRun(
          Signatures.SCHEMA,
          missing,
          ofClean(documents.where(col(Documents.RUN).equalTo(missing)), scheme));
    }
    Dataset<Row> signatures =
        tables
            .read(Signatures.SCHEMA)
            .where(col(Signatures.RUN).isin(runs.toArray()))
            .where(col(Signatures.SCHEME).equalTo(scheme.word()));
    Dataset<Row> current = CurrentDocuments.without(signatures, CurrentDocuments.replacedBy(clean));
    return new History(night.mayShareWith(current), documents);
  }

  /**
   * Returns a history without some rows.
   *
   * @param gone id and run of each; null for none
   * @param history null if there is none
   */
  static History without(Dataset<Row> gone, History history) {
    return gone == null || history == null
        ? history
        : new History(CurrentDocuments.without(history.signatures(), gone), history.documents());
  }

  private static Set<String> signed(Tables tables, Scheme scheme) {
    return tables
        .read(Signatures.SCHEMA)
        .where(col(Signatures.SCHEME).equalTo(scheme.word()))
        .select(Signatures.RUN)
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /** Computes the signatures of rows of the table of clean documents. */
  private static Dataset<Row> ofClean(Dataset<Row> documents, Scheme scheme) {
    Column isOld = col(CleanDocuments.CLUSTER).isNull();
    return of(
        TextKeys.added(documents, scheme)
            .withColumn(
                CleanDocuments.CLUSTER_SINCE,
                when(isOld, col(Documents.PUBLISHED_AT))
                    .otherwise(col(CleanDocuments.CLUSTER_SINCE)))
            .withColumn(
                CleanDocuments.CLUSTER, coalesce(col(CleanDocuments.CLUSTER), col(Documents.ID))),
        scheme);
  }

  /** Returns the signatures of documents whose keys, bands and clusters are known. */
  static Dataset<Row> of(Dataset<Row> documents, Scheme scheme) {
    return documents.select(
        col(Signatures.RUN),
        lit(scheme.word()).as(Signatures.SCHEME),
        col(Signatures.ID),
        col(Signatures.CORPUS),
        col(Signatures.FILE),
        col(Signatures.LINE),
        col(Signatures.DECLARED_SPLIT),
        col(Signatures.PUBLISHED_AT),
        col(Columns.LABEL_WORD).as(Signatures.LABELS),
        col(Signatures.TEXT_HASH),
        col(Signatures.CONTENT_HASH),
        col(Signatures.CLUSTER),
        col(Signatures.CLUSTER_SINCE),
        col(CleanDocuments.CLUSTER_SIMILARITY).isNull().as(Signatures.IS_CENTRE),
        col(Signatures.BANDS));
  }
}
