package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.DayChart;
import io.attune.pipeline.stage.report.chart.Sparkline;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.Mood.Series;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.VerdictRecord;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the values of {@code reports/index.html}: every task with its mood and its accuracy over
 * time, every run.
 *
 * @param unreadable reports that exist and could not be read
 */
record OverviewPage(
    List<MoodView> moods, List<TaskView> tasks, Truncated<RunRow> runs, List<String> unreadable) {
  private static final int MOST_UNREADABLE = 10;

  /** Bounds the nights of one sparkline. */
  private static final int MOST_NIGHTS = 60;

  /** Bounds the alerts of a task that the page names. */
  private static final int MOST_ALERTS = 8;

  /**
   * Shows the mood of one task, as its latest night left it.
   *
   * @param link to the page of the mood
   * @param market null without trends
   */
  record MoodView(
      String task,
      String night,
      String link,
      String headline,
      boolean isAlarmed,
      List<AlertRow> alerts,
      SeriesView market) {}

  /** Names one alert and where it is shown. */
  record AlertRow(String name, String about, String link) {}

  /** Holds one task and its accuracy over the nights. */
  record TaskView(String task, Svg course, String latest, String nights) {}

  /** Holds one run; its metrics are means over the heads on the test split. */
  record RunRow(
      String date,
      String task,
      String run,
      String link,
      String verdict,
      boolean promotes,
      Metric accuracy,
      Metric macroF1) {}

  /** Holds one metric of the candidate, compared with the baseline in percentage points. */
  record Metric(String value, String baseline, String change) {
    static Metric of(double value, double baseline) {
      return new Metric(
          Figures.percent(value), Figures.percent(baseline), Figures.points(value - baseline));
    }
  }

  /**
   * Returns the page's values.
   *
   * @param nights the newest first
   * @param total the number of reports, with those that are not in {@code nights}
   */
  static OverviewPage of(
      List<NightLine> nights, List<MoodLine> moods, int total, List<String> unreadable) {
    Map<String, List<NightLine>> byTask = new LinkedHashMap<>();
    nights.forEach(n -> byTask.computeIfAbsent(n.task(), task -> new ArrayList<>()).add(n));
    List<TaskView> tasks = new ArrayList<>();
    byTask.forEach((task, runs) -> tasks.add(task(task, runs, "course-" + tasks.size())));
    List<MoodView> views = new ArrayList<>();
    moods.forEach(line -> views.add(mood(line, "mood-" + views.size())));
    return new OverviewPage(
        views,
        tasks,
        new Truncated<>(nights.stream().map(OverviewPage::row).toList(), total),
        unreadable.stream().limit(MOST_UNREADABLE).map(path -> Figures.cut(path, 120)).toList());
  }

  private static MoodView mood(MoodLine line, String id) {
    Mood mood = line.mood();
    String page = segment(mood.task()) + "/" + segment(mood.run()) + "/" + Mood.PAGE;
    Series market =
        mood.series().stream()
            .filter(series -> series.kind().equals("market"))
            .filter(series -> !series.course().documents().isEmpty())
            .findFirst()
            .orElse(null);
    return new MoodView(
        Figures.cut(mood.task(), 80),
        NightPage.inWords(mood.date()),
        page,
        MoodPage.headline(mood, line.alerts()),
        !MoodPage.rising(line.alerts()).isEmpty(),
        line.alerts().alerts().stream()
            .filter(alert -> !alert.change().equals(SurgeAlert.ENDED))
            .limit(MOST_ALERTS)
            .map(AlertView::of)
            .map(
                alert ->
                    new AlertRow(
                        alert.name(),
                        alert.change() + ", " + alert.severity() + ", " + alert.days(),
                        page + "#" + alert.anchor()))
            .toList(),
        market == null
            ? null
            : SeriesView.of(market, id, DayChart.highest(SeriesView.days(market))));
  }

  private static TaskView task(String task, List<NightLine> newestFirst, String id) {
    List<Double> candidate = new ArrayList<>();
    List<Double> baseline = new ArrayList<>();
    int from = Math.min(MOST_NIGHTS, newestFirst.size()) - 1;
    for (int i = from; i >= 0; i--) {
      NightLine night = newestFirst.get(i);
      candidate.add(night.accuracy());
      baseline.add(night.baselineAccuracy());
    }
    String name = Figures.cut(task, 80);
    return new TaskView(
        name,
        Sparkline.of(id, "Accuracy of " + name + " by night", candidate, baseline),
        Figures.percent(candidate.get(candidate.size() - 1)),
        Figures.of(newestFirst.size(), "night"));
  }

  private static RunRow row(NightLine night) {
    String verdict =
        switch (night.decision()) {
          case "" -> Figures.NONE;
          case VerdictRecord.PROMOTE -> "promoted";
          case VerdictRecord.PROMOTE_LINEAR_PART -> "linear part promoted";
          case VerdictRecord.CANNOT_TELL -> "cannot tell";
          default -> "kept";
        };
    return new RunRow(
        Figures.cut(night.date(), 40),
        Figures.cut(night.task(), 80),
        Figures.cut(night.run(), 40),
        segment(night.task()) + "/" + segment(night.run()) + "/" + NightReport.PAGE,
        verdict,
        verdict.endsWith("promoted"),
        Metric.of(night.accuracy(), night.baselineAccuracy()),
        Metric.of(night.macroF1(), night.baselineMacroF1()));
  }

  /** Encodes one name of a path for a link. */
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
