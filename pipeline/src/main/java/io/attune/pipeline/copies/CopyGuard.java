package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
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
  private static final int SHOWN = 120;

  private static final String SOURCE = "guarded_source";
  private static final String ALL = "all_of_source";
  private static final String COPIES = "copies";
  private static final String LENGTH = "length";

  private CopyGuard() {}

  /**
   * Checks exact copies.
   *
   * @param rows with {@link Columns#FIT}
   * @throws Failure.BadInput naming the source, with two of the records
   */
  static void requirePlausibleExact(Dataset<Row> rows, CopiesConfig config) {
    Dataset<Row> fit = fit(rows);
    Dataset<Row> sources = sources(fit);
    require(
        fit.groupBy(col(SOURCE), col(CleanDocuments.TEXT_HASH))
            .agg(
                count(lit(1)).as(COPIES),
                max(Columns.KEY_LENGTH).as(LENGTH),
                example(true),
                example(false)),
        sources,
        config);
    List<Row> collapsed =
        sources
            .where(col(ALL).geq(LARGE).and(col("distinct").lt(col(ALL).multiply(LEAST_DISTINCT))))
            .orderBy(col(ALL).desc(), col(SOURCE))
            .limit(1)
            .collectAsList();
    if (!collapsed.isEmpty()) {
      Row source = collapsed.get(0);
      throw new Failure.BadInput(
          "The %,d documents of source '%s' have only %,d different texts, such as %s; check that"
              + " corpora.columns names the column of the text, and take records that say nothing"
              + " out of the files",
          source.getLong(source.fieldIndex(ALL)),
          source.getString(source.fieldIndex(SOURCE)),
          source.getLong(source.fieldIndex("distinct")),
          shown(source.getAs("first")));
    }
  }

  /**
   * Checks near copies, with their exact ones.
   *
   * @param rows with {@link NearCopies#CENTRE}
   * @throws Failure.BadInput naming the source, with two of the records
   */
  static void requirePlausibleNear(Dataset<Row> rows, CopiesConfig config) {
    Dataset<Row> fit = fit(rows);
    require(
        fit.where(col(NearCopies.CENTRE).isNotNull())
            .groupBy(col(SOURCE), col(NearCopies.CENTRE + "." + Documents.ID))
            .agg(
                sum(Columns.ALIKE).plus(1).as(COPIES),
                max(Columns.KEY_LENGTH).as(LENGTH),
                example(true),
                example(false)),
        sources(fit),
        config);
  }

  private static Dataset<Row> fit(Dataset<Row> rows) {
    return rows.where(col(Columns.FIT)).withColumn(SOURCE, Columns.source());
  }

  private static Dataset<Row> sources(Dataset<Row> fit) {
    return fit.groupBy(SOURCE)
        .agg(
            count(lit(1)).as(ALL),
            countDistinct(CleanDocuments.TEXT_HASH).as("distinct"),
            example(true));
  }

  private static Column example(boolean first) {
    Column text = coalesce(col(Documents.TEXT), col(Documents.TITLE));
    Column record =
        struct(
            col(Documents.FILE).as("file"),
            col(Documents.LINE).as("line"),
            substring(text, 1, SHOWN).as("text"));
    return first ? min(record).as("first") : max(record).as("last");
  }

  private static void require(Dataset<Row> groups, Dataset<Row> sources, CopiesConfig config) {
    List<Row> suspect =
        groups
            .where(col(COPIES).gt(1).and(col(LENGTH).geq(LONG)))
            .join(sources.select(SOURCE, ALL), SOURCE)
            .where(
                col(ALL)
                    .geq(config.guardFrom())
                    .and(col(COPIES).gt(col(ALL).multiply(config.maxShare()))))
            .orderBy(col(COPIES).desc(), col(SOURCE))
            .limit(1)
            .collectAsList();
    if (suspect.isEmpty()) {
      return;
    }
    Row found = suspect.get(0);
    long copies = found.getLong(found.fieldIndex(COPIES));
    long all = found.getLong(found.fieldIndex(ALL));
    throw new Failure.BadInput(
        "Of the %,d documents of source '%s' %,d (%s %%) are copies of one text, more than"
            + " clean.copies.max-share=%s allows: %s and %s; check that corpora.columns names the"
            + " column of the text and that it is not the same page around every text, or raise"
            + " clean.copies.max-share",
        all,
        found.getString(found.fieldIndex(SOURCE)),
        copies,
        String.format(Locale.ROOT, "%.0f", 100.0 * copies / all),
        config.maxShare(),
        shown(found.getAs("first")),
        shown(found.getAs("last")));
  }

  /** Shows a record by file, line and the start of its text, with nothing that moves a cursor. */
  private static String shown(Row record) {
    String text = record.getString(2).replaceAll("[\\p{C}\\p{Z}]+", " ").strip();
    return "'%s' (%s, line %d)".formatted(text, record.getString(0), record.getLong(1));
  }
}
