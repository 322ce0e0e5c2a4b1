package io.attune.pipeline.stage.clean;

import io.attune.pipeline.copies.Copies;
import io.attune.pipeline.copies.CopyCounts;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.Documents;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Ends the stage where too much of a corpus is unfit for training. */
final class RejectLimit {
  private RejectLimit() {}

  /**
   * Compares the rejects of each corpus with a limit; duplicates are no rejects here.
   *
   * @param outcomes of {@link Copies#outcomes}
   * @throws Failure.BadInput naming the first reject of the most frequent reason and what to do
   */
  static void require(List<Row> outcomes, double maxRejectedShare) {
    TreeMap<String, List<Row>> byCorpus =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.<String>getAs(Documents.CORPUS), TreeMap::new, Collectors.toList()));
    byCorpus.forEach((corpus, rows) -> require(corpus, rows, maxRejectedShare));
  }

  private static void require(String corpus, List<Row> byReason, double maxRejectedShare) {
    long all = byReason.stream().mapToLong(RejectLimit::records).sum();
    List<Row> rejects =
        byReason.stream()
            .filter(row -> row.getAs(Preparation.REASON) != null)
            .filter(row -> Validation.REASONS.contains(row.<String>getAs(Preparation.REASON)))
            .sorted(
                Comparator.comparingLong(RejectLimit::records)
                    .reversed()
                    .thenComparing(row -> row.<String>getAs(Preparation.REASON)))
            .toList();
    long bad = rejects.stream().mapToLong(RejectLimit::records).sum();
    if (bad > maxRejectedShare * all) {
      String reason = rejects.get(0).getAs(Preparation.REASON);
      Row first = rejects.get(0).getAs(CopyCounts.FIRST);
      throw new Failure.BadInput(
          "Corpus '%s' is not fit for training as it is: %,d of %,d documents were rejected, most"
              + " as %s, the first of these in '%s', line %d: %s; %s, or raise"
              + " clean.max-rejected-share",
          corpus,
          bad,
          all,
          reason,
          first.getString(0),
          first.getLong(1),
          first.getString(2),
          fix(reason));
    }
  }

  private static String fix(String reason) {
    return switch (reason) {
      case Validation.BROKEN_ENCODING ->
          "set corpora.encoding to the encoding of its files, such as GB18030 or windows-1252";
      case Validation.TOO_LONG ->
          "check that corpora.columns.text names the text of one document, or raise"
              + " clean.max-characters";
      default ->
          "check that corpora.columns.text names the column with the text, or lower"
              + " clean.min-characters";
    };
  }

  private static long records(Row row) {
    return row.<Long>getAs(CopyCounts.RECORDS);
  }
}
