package io.attune.pipeline.advice;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import io.attune.pipeline.copies.CurrentDocuments;
import io.attune.pipeline.copies.ReadAgain;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.Advice.Window;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Selects the documents that the advice looks at: of the last days, and none that the model in use
 * has learned from, since it is surer of these than of others. A labelled document that was there
 * when the model was trained counts as learned; one that came later, or that nobody has labelled,
 * does not. Those of a later night that read all files again count as learned: nearly all of them
 * were there. Of near copies the first counts; a document without a date is of the day of its run.
 */
final class RecentDocuments {
  /** Holds the day on which a document counts. */
  static final String DAY = "day";

  /** Tells whether a document has no label and may be given one. */
  static final String IS_UNLABELLED = "is_unlabelled";

  private static final String IS_LABELLED = "is_labelled";
  private static final String IS_FIRST = "is_first";
  private static final String NUMBER = "number";

  private final Dataset<Row> documents;
  private final List<Row> counts;
  private final Set<String> later;
  private final LocalDate night;

  private RecentDocuments(
      Dataset<Row> documents, List<Row> counts, Set<String> later, LocalDate night) {
    this.documents = documents;
    this.counts = counts;
    this.later = later;
    this.night = night;
  }

  /**
   * Counts the documents of all days, in one pass without texts.
   *
   * @param clean all rows of the table of clean documents at one snapshot
   * @param model the run that trained the model in use
   * @param night documents dated after its date do not count yet
   */
  static RecentDocuments of(Storage storage, Dataset<Row> clean, Run model, Run night) {
    Column isLabelled = coalesce(size(col(Documents.LABELS)).gt(0), lit(false));
    Dataset<Row> documents =
        CurrentDocuments.withoutTexts(clean)
            .select(
                col(Documents.ID),
                col(Documents.RUN),
                col(CleanDocuments.TEXT_HASH),
                CurrentDocuments.day().as(DAY),
                isLabelled.as(IS_LABELLED),
                isLabelled
                    .equalTo(false)
                    .and(col(Documents.DECLARED_SPLIT).isNull())
                    .as(IS_UNLABELLED),
                coalesce(col(CleanDocuments.CLUSTER).equalTo(col(Documents.ID)), lit(true))
                    .as(IS_FIRST));
    List<Row> counts =
        documents
            .groupBy(DAY, Documents.RUN, IS_LABELLED, IS_FIRST)
            .agg(count(lit(1)).as(NUMBER))
            .collectAsList();
    Set<String> later =
        counts.stream()
            .map(row -> row.<String>getAs(Documents.RUN))
            .distinct()
            .filter(id -> Run.parse(model.task(), id).compareTo(model) > 0)
            .filter(id -> ReadAgain.files(storage, Run.parse(model.task(), id)).isEmpty())
            .collect(Collectors.toSet());
    return new RecentDocuments(documents, counts, later, night.date());
  }

  /** Returns the labelled documents that were there when the model was trained. */
  long learned() {
    return number(this::isLearned);
  }

  /** Returns the labelled documents that came since. */
  long waiting() {
    return number(row -> row.<Boolean>getAs(IS_LABELLED) && !isLearned(row));
  }

  private long number(Predicate<Row> which) {
    return counts.stream().filter(which).mapToLong(row -> row.<Long>getAs(NUMBER)).sum();
  }

  private boolean isLearned(Row row) {
    return row.<Boolean>getAs(IS_LABELLED) && !later.contains(row.<String>getAs(Documents.RUN));
  }

  private boolean isLookedAt(Row row) {
    return row.<Boolean>getAs(IS_FIRST) && !isLearned(row) && !day(row).isAfter(night);
  }

  private static LocalDate day(Row row) {
    return row.<Date>getAs(DAY).toLocalDate();
  }

  /** Returns the last days, as many as are wanted, or more until they have enough documents. */
  Window window(AdviceConfig config) {
    TreeMap<LocalDate, Long> byDay = new TreeMap<>();
    counts.stream()
        .filter(this::isLookedAt)
        .forEach(row -> byDay.merge(day(row), row.<Long>getAs(NUMBER), Long::sum));
    LocalDate since = night.minusDays(config.days() - 1L);
    long documents = byDay.tailMap(since).values().stream().mapToLong(Long::longValue).sum();
    for (LocalDate day : byDay.headMap(since, false).descendingKeySet()) {
      if (documents >= config.documents()) {
        break;
      }
      documents += byDay.get(day);
      since = day;
    }
    LocalDate first = since;
    long unlabelled =
        number(
            row ->
                isLookedAt(row) && !day(row).isBefore(first) && !row.<Boolean>getAs(IS_LABELLED));
    return new Window(first.toString(), night.toString(), documents, unlabelled);
  }

  /** Returns the documents of a window: id, run, hash of the text, {@link #IS_UNLABELLED}. */
  Dataset<Row> in(Window window) {
    return documents
        .where(
            col(DAY).between(lit(Date.valueOf(window.since())), lit(Date.valueOf(window.until()))))
        .where(col(IS_FIRST))
        .where(col(IS_LABELLED).equalTo(false).or(col(Documents.RUN).isin(later.toArray())))
        .select(Documents.ID, Documents.RUN, CleanDocuments.TEXT_HASH, IS_UNLABELLED);
  }
}
