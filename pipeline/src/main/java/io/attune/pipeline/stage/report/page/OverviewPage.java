package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.Sparkline;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.VerdictRecord;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the values of {@code reports/index.html}: every task with its accuracy over time, every
 * run.
 *
 * @param unreadable reports that exist and could not be read
 */
record OverviewPage(List<TaskView> tasks, Truncated<RunRow> runs, List<String> unreadable) {
  private static final int MOST_UNREADABLE = 10;

  /** Bounds the nights of one sparkline. */
  private static final int MOST_NIGHTS = 60;

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
  static OverviewPage of(List<NightLine> nights, int total, List<String> unreadable) {
    Map<String, List<NightLine>> byTask = new LinkedHashMap<>();
    nights.forEach(n -> byTask.computeIfAbsent(n.task(), task -> new ArrayList<>()).add(n));
    List<TaskView> tasks = new ArrayList<>();
    byTask.forEach((task, runs) -> tasks.add(task(task, runs, "course-" + tasks.size())));
    return new OverviewPage(
        tasks,
        new Truncated<>(nights.stream().map(OverviewPage::row).toList(), total),
        unreadable.stream().limit(MOST_UNREADABLE).map(path -> Figures.cut(path, 120)).toList());
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
