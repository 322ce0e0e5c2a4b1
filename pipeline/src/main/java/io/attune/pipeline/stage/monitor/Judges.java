package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.surge.CountOptions;
import io.attune.pipeline.surge.CountSurges;
import io.attune.pipeline.surge.DailySeries;
import io.attune.pipeline.surge.Holidays;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Limit;
import io.attune.pipeline.surge.Masks;
import io.attune.pipeline.surge.ShareOptions;
import io.attune.pipeline.surge.ShareSurges;
import io.attune.pipeline.surge.alert.Node;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Judges the negative documents of each series, and their share among all. */
record Judges(CountSurges counts, ShareSurges shares) implements Serializable {
  /** Runs of days without any document that are no calm. */
  private static final int LEAST_GAP = 7;

  /** Series that one task judges, about. */
  private static final int SERIES_OF_A_TASK = 16;

  /**
   * Returns the judges of a night.
   *
   * @param market all documents a day; its gaps are learnt from by no series
   */
  static Judges of(
      MonitorConfig.Surges config, Masks annotated, Holidays holidays, DailySeries market) {
    Masks masks = annotated.and(Masks.ofGaps(market, LEAST_GAP));
    CountOptions counts =
        CountOptions.DEFAULTS.with(
            new CountOptions.Alarm(config.level(), Limit.PREDICTIVE, config.minimumCount(), 1));
    ShareOptions usual = ShareOptions.DEFAULTS;
    ShareOptions shares =
        new ShareOptions(
            config.runLength(),
            usual.shift(),
            usual.historyDays(),
            usual.guardDays(),
            usual.leastDays(),
            config.minimumCount());
    return new Judges(new CountSurges(counts, holidays, masks), new ShareSurges(shares, masks));
  }

  /**
   * Judges the days of many series, in tasks of Spark.
   *
   * @param days the first and the last
   * @return for each series its judgements, counts first
   */
  List<List<Judgement>> judge(SparkSession spark, List<SeriesCounts> series, List<LocalDate> days) {
    return series.size() <= SERIES_OF_A_TASK
        ? series.stream().map(one -> judge(one, days)).toList()
        : distributed(spark, series, 1 + series.size() / SERIES_OF_A_TASK, List.of(days));
  }

  /**
   * Judges many days of series as so many nights would have: in each month with a sum that starts
   * as that of its nights does.
   *
   * @param days the first and the last
   * @return for each series its judgements; of a month counts first
   */
  List<List<Judgement>> judgeByMonth(
      SparkSession spark, List<SeriesCounts> series, List<LocalDate> days) {
    List<List<LocalDate>> months = new ArrayList<>();
    LocalDate last = days.get(1);
    for (LocalDate from = days.get(0); !from.isAfter(last); from = next(from)) {
      LocalDate end = next(from).minusDays(1);
      months.add(List.of(from, end.isAfter(last) ? last : end));
    }
    return distributed(spark, series, series.size(), months);
  }

  private static LocalDate next(LocalDate day) {
    return day.withDayOfMonth(1).plusMonths(1);
  }

  private List<List<Judgement>> distributed(
      SparkSession spark, List<SeriesCounts> series, int tasks, List<List<LocalDate>> spans) {
    Judges judges = this;
    List<List<LocalDate>> sent = new ArrayList<>(spans);
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(new ArrayList<>(series), tasks)
        .map(one -> sent.stream().flatMap(days -> judges.judge(one, days).stream()).toList())
        .collect();
  }

  List<Judgement> judge(SeriesCounts series, List<LocalDate> days) {
    DailySeries negatives = series.ofNegatives();
    List<Judgement> all = new ArrayList<>(counts.judge(negatives, days.get(0), days.get(1)));
    shares
        .judge(negatives, series.ofDocuments(), days)
        .forEach(judgement -> all.add(judgement.ofSeries(series.key().share())));
    return all;
  }

  /** Returns how series contain each other: everything is a part of the market. */
  static List<Node> nodes(List<SeriesCounts> series) {
    return series.stream().map(SeriesCounts::key).flatMap(Judges::nodes).toList();
  }

  private static Stream<Node> nodes(SeriesKey key) {
    boolean isMarket = key.equals(SeriesKey.ALL);
    List<String> whole = isMarket ? List.of() : List.of(SeriesKey.ALL.series());
    // The rise of a share is explained by that of its count, and both by the market's.
    List<String> ofShare = new ArrayList<>(List.of(key.series()));
    if (!isMarket) {
      ofShare.add(SeriesKey.ALL.share());
    }
    return Stream.of(
        new Node(key.series(), key.kind(), whole),
        new Node(key.share(), "share of " + key.kind(), ofShare));
  }
}
