package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.storage.ColumnNames;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Ends a night in which the copies of one text are too much of a source to be true, as where a
 * column that holds the same in every record is mapped as the text.
 *
 * <p>Short texts may repeat, such as "good" in reviews: they count only where a large source has
 * hardly another text.
 */
final class CopyGuard {
  /** Sets the letters and digits from which a text does not repeat by chance. */
  private static final int LONG = 30;

  /** Sets the documents and the fraction of distinct texts that a source has at least. */
  private static final long LARGE = 1_000;

  private static final double LEAST_DISTINCT = 0.01;

  private static final String SOURCE = "guarded_source";
  private static final String ALONE = "alone";
  private static final String ALL = "all_of_source";
  private static final String DISTINCT = "distinct_texts";
  private static final String MOST = "most";
  private static final String COPIES = "copies";
  private static final String FIRST = "first";
  private static final String LAST = "last";

  private final Texts texts;
  private final Dataset<Row> alone;
  private final CopiesConfig config;

  /**
   * Guards a night.
   *
   * @param others counts of the documents that share no key with another; see {@link
   *     CopyCounts#without}
   */
  CopyGuard(Texts texts, Dataset<Row> others, CopiesConfig config) {
    this.texts = texts;
    this.config = config;
    this.alone =
        others
            .where(Judgement.isFit())
            .groupBy(Columns.source().as(SOURCE))
            .agg(sum(CopyCounts.RECORDS).as(ALONE));
  }

  /**
   * Checks exact copies.
   *
   * @param rows marks of documents that share a key, with {@link Columns#FIT} and {@link
   *     Columns#ALIKE}
   * @throws Failure.BadInput naming the source, with two of the records
   */
  void requirePlausibleExact(Dataset<Row> rows) {
    Object[] doubtful = doubtful(rows);
    if (doubtful.length == 0) {
      return;
    }
    Dataset<Row> sources =
        sources(
            rows.where(Columns.source().isin(doubtful)),
            col(CleanDocuments.TEXT_HASH),
            count(lit(1)));
    for (Row source : largestFirst(sources.where(isSuspect().or(isCollapsed())))) {
      requireFewCopies(source);
      throw new Failure.BadInput(
          "The %,d documents of source '%s' have only %,d different texts, such as %s; check that"
              + " corpora.columns names the column of the text, and take records that say nothing"
              + " out of the files",
          source.<Long>getAs(ALL),
          source.getAs(SOURCE),
          source.<Long>getAs(DISTINCT),
          shown(source.getAs(FIRST)));
    }
  }

  /**
   * Returns the sources that have too many copies if those of other sources count as theirs: a
   * cheap look at all that leaves few to count.
   */
  private Object[] doubtful(Dataset<Row> rows) {
    return withAlone(
            rows.where(col(Columns.FIT))
                .groupBy(Columns.source().as(SOURCE))
                .agg(
                    count(lit(1)).as(ALL),
                    sum(lit(1.0).divide(col(Columns.ALIKE))).as(DISTINCT),
                    struct(max(when(isLong(), col(Columns.ALIKE))).as(COPIES)).as(MOST)))
        .where(isSuspect().or(isCollapsed()))
        .select(SOURCE)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toArray();
  }

  /**
   * Checks near copies, with their exact ones.
   *
   * @param rows marks with {@link NearCopies#CENTRE}
   * @throws Failure.BadInput naming the source, with two of the records
   */
  void requirePlausibleNear(Dataset<Row> rows) {
    Column centre = col(NearCopies.CENTRE + "." + Documents.ID);
    Column copies = when(centre.isNotNull(), sum(Columns.ALIKE).plus(1));
    largestFirst(sources(rows, centre, copies).where(isSuspect())).forEach(this::requireFewCopies);
  }

  private static List<Row> largestFirst(Dataset<Row> sources) {
    return sources.collectAsList().stream()
        .sorted(
            Comparator.<Row>comparingLong(source -> -source.<Long>getAs(ALL))
                .thenComparing(source -> source.<String>getAs(SOURCE)))
        .toList();
  }

  /** Counts the documents and texts of each source, and finds the text with the most copies. */
  private Dataset<Row> sources(Dataset<Row> rows, Column text, Column copies) {
    String documents = "documents";
    String isLong = "is_long";
    return withAlone(
        rows.where(col(Columns.FIT))
            .withColumn(SOURCE, Columns.source())
            .groupBy(col(SOURCE), text)
            .agg(
                count(lit(1)).as(documents),
                copies.as(COPIES),
                max(isLong()).as(isLong),
                min(record()).as(FIRST),
                max(record()).as(LAST))
            .groupBy(SOURCE)
            .agg(
                sum(documents).as(ALL),
                count(lit(1)).as(DISTINCT),
                min(FIRST).as(FIRST),
                max(when(col(isLong).and(col(COPIES).gt(1)), struct(COPIES, FIRST, LAST)))
                    .as(MOST)));
  }

  /** Counts as well the documents of each source that were not compared with others. */
  private Dataset<Row> withAlone(Dataset<Row> sources) {
    Column more = coalesce(col(ALONE), lit(0L));
    return sources
        .join(alone, ColumnNames.of(SOURCE), "left")
        .withColumn(ALL, col(ALL).plus(more))
        .withColumn(DISTINCT, col(DISTINCT).plus(more))
        .drop(ALONE);
  }

  private static Column record() {
    return struct(col(Documents.FILE).as("file"), col(Documents.LINE).as("line"), col(Texts.PLACE));
  }

  private static Column isLong() {
    return col(Columns.KEY_LENGTH).geq(LONG);
  }

  private static Column isCollapsed() {
    return col(ALL).geq(LARGE).and(col(DISTINCT).lt(col(ALL).multiply(LEAST_DISTINCT)));
  }

  private Column isSuspect() {
    return coalesce(
        col(ALL)
            .geq(config.guardFrom())
            .and(col(MOST + "." + COPIES).gt(col(ALL).multiply(config.maxShare()))),
        lit(false));
  }

  private void requireFewCopies(Row source) {
    Row most = source.getAs(MOST);
    long all = source.getAs(ALL);
    if (most == null || all < config.guardFrom()) {
      return;
    }
    long copies = most.getAs(COPIES);
    if (copies > all * config.maxShare()) {
      throw new Failure.BadInput(
          "Of the %,d documents of source '%s' %,d (%s %%) are copies of one text, more than"
              + " clean.copies.max-share=%s allows: %s and %s; check that corpora.columns names the"
              + " column of the text and that it is not the same page around every text, or raise"
              + " clean.copies.max-share",
          all,
          source.getAs(SOURCE),
          copies,
          String.format(Locale.ROOT, "%.0f", 100.0 * copies / all),
          config.maxShare(),
          shown(most.getAs(FIRST)),
          shown(most.getAs(LAST)));
    }
  }

  /** Shows a record by file, line and the start of its text, with nothing that moves a cursor. */
  private String shown(Row record) {
    String text = texts.start(record.getLong(2)).replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    return "'%s' (%s, line %d)".formatted(text, record.getString(0), record.getLong(1));
  }
}
