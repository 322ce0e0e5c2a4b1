package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.StackChart;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.TimelinePoint;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shows the labels of one head by month, as fractions of the documents. */
record TrendView(String head, Svg chart, String note) {
  /** Bounds the colours to those that can be distinguished; the rarest labels share one. */
  private static final int MOST_BANDS = 8;

  private static final String OTHERS = "all others";

  /** Lists the labels that have fixed colours, from the bottom of the chart upwards. */
  private static final List<String> SENTIMENTS = List.of("negative", "neutral", "positive");

  /** Returns a chart for each head, in the order of their names. */
  static List<TrendView> of(NightReport night, PageLimits limits) {
    Map<String, List<TimelinePoint>> byHead = new TreeMap<>();
    night
        .timeline()
        .forEach(p -> byHead.computeIfAbsent(p.head(), head -> new ArrayList<>()).add(p));
    List<TrendView> trends = new ArrayList<>();
    byHead.forEach(
        (head, points) -> {
          if (trends.size() < limits.classes()) {
            trends.add(of(head, points, "trend-" + trends.size(), limits.months()));
          }
        });
    return trends;
  }

  private static TrendView of(String head, List<TimelinePoint> points, String id, int maxMonths) {
    TreeSet<String> found = new TreeSet<>(points.stream().map(TimelinePoint::month).toList());
    List<String> months = axis(new ArrayList<>(found), maxMonths);
    Map<String, Map<String, Long>> byLabel = new LinkedHashMap<>();
    for (TimelinePoint point : points) {
      if (months.contains(point.month())) {
        byLabel
            .computeIfAbsent(point.label(), label -> new TreeMap<>())
            .merge(point.month(), point.documents(), Long::sum);
      }
    }
    String name = Figures.cut(head, 60);
    Svg chart =
        StackChart.of(
            id, "Percentage of each " + name + " by month", months, bands(byLabel, months));
    String note =
        months.size() < found.size()
            ? "The latest %d of %d months.".formatted(months.size(), found.size())
            : "";
    return new TrendView(name, chart, note);
  }

  /**
   * Returns the latest months; with those in between that have no documents, unless there are too
   * many.
   */
  private static List<String> axis(List<String> found, int maxMonths) {
    List<String> latest = found.subList(Math.max(0, found.size() - maxMonths), found.size());
    try {
      YearMonth first = YearMonth.parse(latest.get(0));
      long span = ChronoUnit.MONTHS.between(first, YearMonth.parse(latest.get(latest.size() - 1)));
      if (span >= maxMonths) {
        return latest;
      }
      List<String> all = new ArrayList<>();
      for (long m = 0; m <= span; m++) {
        all.add(first.plusMonths(m).toString());
      }
      return all;
    } catch (DateTimeParseException e) {
      return latest;
    }
  }

  private static List<StackChart.Band> bands(
      Map<String, Map<String, Long>> byLabel, List<String> months) {
    if (SENTIMENTS.containsAll(byLabel.keySet())) {
      return SENTIMENTS.stream()
          .filter(byLabel::containsKey)
          .map(label -> band(label, label.substring(0, 3), byLabel.get(label), months))
          .toList();
    }
    List<String> labels = new ArrayList<>(byLabel.keySet());
    labels.sort(
        Comparator.comparingLong(
                (String label) ->
                    -byLabel.get(label).values().stream().mapToLong(Long::longValue).sum())
            .thenComparing(Comparator.naturalOrder()));
    int alone = labels.size() > MOST_BANDS ? MOST_BANDS - 1 : labels.size();
    List<StackChart.Band> bands = new ArrayList<>();
    for (int i = 0; i < alone; i++) {
      String label = labels.get(i);
      bands.add(band(label, "s" + (i + 1), byLabel.get(label), months));
    }
    if (alone < labels.size()) {
      Map<String, Long> rest = new TreeMap<>();
      labels
          .subList(alone, labels.size())
          .forEach(l -> byLabel.get(l).forEach((month, n) -> rest.merge(month, n, Long::sum)));
      bands.add(band(OTHERS, "s" + MOST_BANDS, rest, months));
    }
    return bands;
  }

  private static StackChart.Band band(
      String label, String css, Map<String, Long> documents, List<String> months) {
    return new StackChart.Band(
        Figures.cut(label, 60),
        css,
        months.stream().map(month -> documents.getOrDefault(month, 0L)).toList());
  }
}
