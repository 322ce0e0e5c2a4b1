package io.attune.pipeline.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.attune.pipeline.JobDescription;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import io.attune.schemas.table.Split;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds the instants that divide train from validation and validation from test.
 *
 * @param validationFrom first instant of validation, in microseconds since 1970
 * @param testFrom first instant of test
 */
public record TimeCuts(long validationFrom, long testFrom) {
  /** Names the file that holds the cuts of a run, beside its tokenizer. */
  public static final String FILE_NAME = "time-cuts.json";

  private static final long MICROSECONDS_A_DAY = 86_400_000_000L;
  private static final String INSTANT = "instant";

  /**
   * Computes in integers, also before 1970: doubles are too coarse for microseconds of a distant
   * day.
   */
  private static final String DAY_OF_INSTANT =
      "(instant - pmod(instant, %1$dL)) div %1$dL".formatted(MICROSECONDS_A_DAY);

  private static final String DAY = "day";
  private static final String ROWS = "rows";

  /**
   * Finds both cuts: each split takes complete instants, from the latest on, until it has its
   * fraction. Counts by day first and by instant only within the day of a cut, so that little is
   * collected.
   *
   * @param dated rows with an instant, those that the fractions are of
   */
  static TimeCuts in(Dataset<Row> dated, SplitConfig shares) {
    return JobDescription.during(
        dated.sparkSession(), "split: count rows by day", () -> find(dated, shares));
  }

  private static TimeCuts find(Dataset<Row> dated, SplitConfig shares) {
    Dataset<Row> instants =
        dated.select(instant().as(INSTANT)).withColumn(DAY, expr(DAY_OF_INSTANT));
    List<Row> days = latestFirst(instants, DAY);
    long rows = days.stream().mapToLong(day -> day.getLong(1)).sum();
    if (rows == 0) {
      throw new Failure.BadInput(
          "split.by is time, but no labelled document without a declared split has a date; map a"
              + " column to published-at, or set split.by=hash");
    }
    long testFrom = cut(instants, days, Long.MAX_VALUE, wanted(rows, shares.test()));
    long validationFrom = cut(instants, days, testFrom, wanted(rows, shares.validation()));
    return new TimeCuts(validationFrom, testFrom);
  }

  /** Returns these cuts, or earlier ones where they are later: a cut never moves back. */
  TimeCuts notBefore(Optional<TimeCuts> earlier) {
    return earlier
        .map(
            cuts ->
                new TimeCuts(
                    Math.max(validationFrom, cuts.validationFrom()),
                    Math.max(testFrom, cuts.testFrom())))
        .orElse(this);
  }

  /** Returns the instant of a row's cluster, in microseconds since 1970; null without a date. */
  static Column instant() {
    return expr(
        "unix_micros(if(%s IS NULL, %s, %s))"
            .formatted(
                CleanDocuments.CLUSTER, Documents.PUBLISHED_AT, CleanDocuments.CLUSTER_SINCE));
  }

  /** Returns the split of a row by its instant; train without one. */
  Column split() {
    Column instant = instant();
    return when(instant.geq(lit(testFrom)), Split.TEST.word())
        .when(instant.geq(lit(validationFrom)), Split.VALIDATION.word())
        .otherwise(Split.TRAIN.word());
  }

  /** Returns a fraction of the rows, at least one of them unless the fraction is 0. */
  private static long wanted(long rows, double share) {
    return share == 0 ? 0 : Math.max(1, Math.round(rows * share));
  }

  /**
   * Returns the latest instant such that at least {@code wanted} rows lie from it to {@code end}.
   */
  private static long cut(Dataset<Row> instants, List<Row> days, long end, long wanted) {
    if (wanted == 0) {
      return end;
    }
    long missing = wanted;
    long cut = end;
    for (Row day : days) {
      if (day.getLong(0) > Math.floorDiv(end, MICROSECONDS_A_DAY)) {
        continue;
      }
      boolean partial = day.getLong(0) == Math.floorDiv(end, MICROSECONDS_A_DAY);
      if (day.getLong(1) < missing && !partial) {
        missing -= day.getLong(1);
        cut = day.getLong(0) * MICROSECONDS_A_DAY;
        continue;
      }
      Dataset<Row> within =
          instants.where(col(DAY).equalTo(day.getLong(0)).and(col(INSTANT).lt(end)));
      for (Row instant : latestFirst(within, INSTANT)) {
        cut = instant.getLong(0);
        missing -= instant.getLong(1);
        if (missing <= 0) {
          return cut;
        }
      }
    }
    return cut;
  }

  private static List<Row> latestFirst(Dataset<Row> instants, String by) {
    return instants.groupBy(by).agg(count(lit(1)).as(ROWS)).orderBy(col(by).desc()).collectAsList();
  }
}
