package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.stage.monitor.ModelChange.Checked;
import io.attune.pipeline.stage.monitor.Overlaps.Pair;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.AlertOptions;
import io.attune.pipeline.surge.alert.Episodes;
import io.attune.pipeline.surge.alert.NightAlerts;
import io.attune.pipeline.surge.alert.Node;
import io.attune.schemas.report.Mood.Explained;
import io.attune.schemas.report.SurgeAlert;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Judges the days of a night and brings the alerts up to date. */
final class SurgeSearch {
  /** Bounds the alerts with headlines, and those that are shown though they are no news. */
  private static final int MOST_SHOWN = 50;

  /** Bounds what is told of surges that the change of model explains. */
  private static final int MOST_EXPLAINED = 50;

  private final SparkSession spark;
  private final MonitorConfig.Surges config;
  private final Judges judges;
  private final Today today;
  private final Dataset<Row> clusters;

  /**
   * Holds what a night has found.
   *
   * @param known alerts of the last months, as they are now
   * @param shown those that the night tells of
   * @param explained surges that the change of model explains
   * @param today how the last day of each series was judged, by its name
   */
  record Result(
      List<KnownAlert> known,
      List<KnownAlert> shown,
      List<Explained> explained,
      Map<String, Judgement> today) {
    static final Result NONE = new Result(List.of(), List.of(), List.of(), Map.of());

    Result {
      known = List.copyOf(known);
      shown = List.copyOf(shown);
      explained = List.copyOf(explained);
      today = Map.copyOf(today);
    }

    /** Returns the first of those that are shown: headlines are looked for of these alone. */
    List<KnownAlert> headlined() {
      return shown.subList(0, Math.min(MOST_SHOWN, shown.size()));
    }
  }

  /**
   * Searches with some judges.
   *
   * @param clusters of {@link SeriesRows#clusters}
   */
  SurgeSearch(Dataset<Row> clusters, MonitorConfig.Surges config, Judges judges, Today today) {
    this.clusters = clusters;
    this.spark = clusters.sparkSession();
    this.config = config;
    this.judges = judges;
    this.today = today;
  }

  /**
   * Searches all series.
   *
   * @param earlier alerts as the night before left them
   * @param models the one in use and the one before it
   */
  Result of(List<SeriesCounts> series, List<KnownAlert> earlier, Models models) {
    Optional<ModelChange> change = models.change(series.get(0));
    List<LocalDate> days = List.of(today.since(), today.last());
    List<List<Judgement>> judged = judges.judge(spark, series, days);
    Map<LocalDate, List<Judgement>> byDay = new TreeMap<>();
    List<Explained> explained = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      for (Judgement judgement : judged.get(i)) {
        SeriesCounts counts = series.get(i);
        Checked checked =
            change
                .map(changed -> changed.check(judgement, counts))
                .orElseGet(() -> new Checked(judgement, List.of()));
        explained.addAll(checked.explained());
        byDay.computeIfAbsent(judgement.day(), day -> new ArrayList<>()).add(checked.judgement());
      }
    }
    List<Alert> joined = alerts(byDay, Judges.nodes(series));
    List<KnownAlert> known = book().update(earlier, joined, models.current());
    Map<String, Judgement> last = new HashMap<>();
    byDay
        .getOrDefault(today.last(), List.of())
        .forEach(judgement -> last.put(judgement.series(), judgement));
    return new Result(
        known,
        shown(known, earlier),
        explained.subList(0, Math.min(MOST_EXPLAINED, explained.size())),
        last);
  }

  /** Searches the judgements of each day for alerts, and joins those about the same documents. */
  private List<Alert> alerts(Map<LocalDate, List<Judgement>> byDay, List<Node> nodes) {
    List<Alert> found = new ArrayList<>();
    AlertOptions options =
        new AlertOptions(config.falseDiscoveries(), AlertOptions.DEFAULTS.explained());
    byDay.values().forEach(ofDay -> found.addAll(NightAlerts.of(ofDay, nodes, options)));
    Map<Pair, Long> shared = Overlaps.of(spark, clusters, found);
    Map<LocalDate, List<Alert>> foundByDay = new TreeMap<>();
    for (Alert alert : found) {
      foundByDay.computeIfAbsent(alert.judgement().day(), day -> new ArrayList<>()).add(alert);
    }
    List<Alert> joined = new ArrayList<>();
    foundByDay
        .values()
        .forEach(ofDay -> joined.addAll(Overlaps.joined(ofDay, shared, options.explained())));
    return joined;
  }

  /**
   * Returns the alerts of all days as the nights of these days would have raised them, each from
   * the days before it; the change of model is none, since one model has read all.
   *
   * @param model that has read the documents
   */
  List<KnownAlert> past(List<SeriesCounts> series, String model) {
    Map<LocalDate, List<Judgement>> byDay = new TreeMap<>();
    for (List<Judgement> judged :
        judges.judgeByMonth(spark, series, List.of(today.since(), today.last()))) {
      for (Judgement judgement : judged) {
        byDay.computeIfAbsent(judgement.day(), day -> new ArrayList<>()).add(judgement);
      }
    }
    return book().update(List.of(), alerts(byDay, Judges.nodes(series)), model);
  }

  private AlertBook book() {
    return new AlertBook(
        new Episodes(config.quietDays(), config.cooldownDays()),
        today.since(),
        today.last(),
        judges.counts().masks());
  }

  /**
   * Returns what the night tells of: what is new first, then the most severe. All news is among it,
   * up to what can wait for delivery.
   */
  static List<KnownAlert> shown(List<KnownAlert> known, List<KnownAlert> earlier) {
    Set<String> ended = new HashSet<>();
    earlier.stream()
        .filter(alert -> alert.change().equals(SurgeAlert.ENDED))
        .forEach(alert -> ended.add(alert.id()));
    long news = known.stream().filter(KnownAlert::isNews).count();
    return known.stream()
        .filter(alert -> !alert.change().equals(SurgeAlert.ENDED) || !ended.contains(alert.id()))
        .sorted(
            Comparator.comparingInt(SurgeSearch::place)
                .thenComparing(alert -> alert.episode().severity(), Comparator.reverseOrder())
                .thenComparing(alert -> alert.episode().peak().score(), Comparator.reverseOrder())
                .thenComparing(KnownAlert::id))
        .limit(Math.max(MOST_SHOWN, Math.min(news, Outbox.MOST)))
        .toList();
  }

  private static int place(KnownAlert alert) {
    return List.of(
            SurgeAlert.RAISED,
            SurgeAlert.WORSENED,
            SurgeAlert.WITHDRAWN,
            SurgeAlert.GOES_ON,
            SurgeAlert.ENDED)
        .indexOf(alert.change());
  }
}
