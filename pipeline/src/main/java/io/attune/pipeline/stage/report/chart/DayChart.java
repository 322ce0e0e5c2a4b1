package io.attune.pipeline.stage.report.chart;

import io.attune.pipeline.figure.Figures;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws what is counted day by day: a surge against its limit, or a mood over its documents. */
public final class DayChart {
  private static final double WIDTH = 460;
  private static final double LEFT = 40;
  private static final double RIGHT = 456;
  private static final double TOP = 12;
  private static final double SURGE_BOTTOM = 138;
  private static final double SURGE_HEIGHT = 160;
  private static final double MOOD_BOTTOM = 80;
  private static final double STRIP_TOP = 98;
  private static final double STRIP_BOTTOM = 126;
  private static final double MOOD_HEIGHT = 148;

  /** Days over which a share is taken, so that a day with three documents is no peak. */
  private static final int SMOOTH = 7;

  private static final int LABELS = 4;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

  private DayChart() {}

  /** Holds daily counts; both lists are equally long, and not empty. */
  public record Days(LocalDate first, List<Long> documents, List<Long> negative) {
    public Days {
      documents = List.copyOf(documents);
      negative = List.copyOf(negative);
    }

    int size() {
      return documents.size();
    }

    int index(LocalDate day) {
      return Math.toIntExact(day.toEpochDay() - first.toEpochDay());
    }

    LocalDate last() {
      return first.plusDays(size() - 1L);
    }
  }

  /** Holds the days of a surge, and what was expected on the day of its peak. */
  public record Surge(LocalDate since, LocalDate last, double expected, double limit) {}

  /** Draws negative documents by day, with the surge marked and its limit. */
  public static Svg surge(String id, String title, Days days, Surge surge) {
    Svg svg = new Svg(new Svg.Canvas(id, WIDTH, SURGE_HEIGHT), title, description(days, surge));
    long most = days.negative().stream().mapToLong(Long::longValue).max().orElse(0);
    Scale up =
        new Scale(0, Math.max(1, Math.max((double) most, surge.limit())) * 1.05, SURGE_BOTTOM, TOP);
    double step = (RIGHT - LEFT) / days.size();
    ticks(svg, up);
    int from = Math.max(0, days.index(surge.since()));
    int to = Math.min(days.size() - 1, days.index(surge.last()));
    if (from <= to) {
      svg.shape(
          "rect",
          "class",
          "surge",
          "x",
          LEFT + step * from,
          "y",
          TOP,
          "width",
          step * (to - from + 1),
          "height",
          SURGE_BOTTOM - TOP);
    }
    bars(svg, "neg", days.negative(), up);
    rule(svg, "guide", surge.expected(), up);
    rule(svg, "limit", surge.limit(), up);
    dates(svg, days, SURGE_BOTTOM + 17);
    return svg.done();
  }

  /**
   * Draws the share of negative documents over seven days each, and the documents of each day
   * below.
   *
   * @param highest share at the top of the scale, the same for charts that are compared
   */
  public static Svg mood(String id, String title, Days days, double highest) {
    Svg svg = new Svg(new Svg.Canvas(id, WIDTH, MOOD_HEIGHT), title, description(days));
    Scale up = new Scale(0, Math.max(0.05, highest), MOOD_BOTTOM, TOP);
    for (double tick : up.ticks(3)) {
      svg.shape(
          "line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", up.at(tick), "y2", up.at(tick));
      svg.text(LEFT - 6, up.at(tick) + 4, "tick end", Math.round(100 * tick) + "%");
    }
    double step = (RIGHT - LEFT) / days.size();
    StringBuilder path = new StringBuilder();
    boolean isOpen = false;
    for (int day = 0; day < days.size(); day++) {
      double share = share(days, day);
      if (Double.isFinite(share)) {
        path.append(isOpen ? "L" : "M")
            .append(Svg.number(LEFT + step * (day + 0.5)))
            .append(' ')
            .append(Svg.number(up.at(share)));
      }
      isOpen = Double.isFinite(share);
    }
    if (!path.isEmpty()) {
      svg.shape("path", "class", "curve c-mood", "d", path);
      double last = share(days, days.size() - 1);
      if (Double.isFinite(last)) {
        svg.shape(
            "circle",
            "class",
            "mark c-mood",
            "cx",
            LEFT + step * (days.size() - 0.5),
            "cy",
            up.at(last),
            "r",
            3.5);
      }
    }
    long most = days.documents().stream().mapToLong(Long::longValue).max().orElse(0);
    bars(svg, "volume", days.documents(), new Scale(0, Math.max(1, most), STRIP_BOTTOM, STRIP_TOP));
    svg.text(LEFT - 6, STRIP_TOP + 8, "tick end", Figures.rough(most));
    dates(svg, days, STRIP_BOTTOM + 17);
    return svg.done();
  }

  /** Returns the highest share that {@link #mood} would draw; 0 if there is none. */
  public static double highest(Days days) {
    double highest = 0;
    for (int day = 0; day < days.size(); day++) {
      double share = share(days, day);
      highest = Double.isFinite(share) ? Math.max(highest, share) : highest;
    }
    return highest;
  }

  /** Returns the share over a day and those before it; NaN without documents. */
  private static double share(Days days, int day) {
    long documents = 0;
    long negative = 0;
    for (int at = Math.max(0, day - SMOOTH + 1); at <= day; at++) {
      documents += days.documents().get(at);
      negative += days.negative().get(at);
    }
    return documents == 0 ? Double.NaN : (double) negative / documents;
  }

  private static void ticks(Svg svg, Scale up) {
    for (double tick : up.ticks(3)) {
      if (tick == Math.rint(tick)) {
        double y = up.at(tick);
        svg.shape("line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
        svg.text(LEFT - 6, y + 4, "tick end", Figures.rough(tick));
      }
    }
  }

  /** Draws all bars as one path: a page has many charts. */
  private static void bars(Svg svg, String css, List<Long> counts, Scale up) {
    double step = (RIGHT - LEFT) / counts.size();
    double width = Math.max(0.8, step * 0.82);
    StringBuilder path = new StringBuilder();
    for (int day = 0; day < counts.size(); day++) {
      if (counts.get(day) > 0) {
        double height = up.at(0) - up.at(counts.get(day));
        path.append('M')
            .append(Svg.number(LEFT + step * day + (step - width) / 2))
            .append(' ')
            .append(Svg.number(up.at(0)))
            .append('v')
            .append(Svg.number(-height))
            .append('h')
            .append(Svg.number(width))
            .append('v')
            .append(Svg.number(height))
            .append('z');
      }
    }
    if (!path.isEmpty()) {
      svg.shape("path", "class", css, "d", path);
    }
  }

  private static void rule(Svg svg, String css, double value, Scale up) {
    double y = up.at(value);
    svg.shape("line", "class", css, "x1", LEFT, "x2", RIGHT, "y1", y, "y2", y);
  }

  private static void dates(Svg svg, Days days, double y) {
    double step = (RIGHT - LEFT) / days.size();
    int every = Math.max(1, (int) Math.ceil(days.size() / (double) LABELS));
    for (int day = days.size() - 1; day >= 0; day -= every) {
      boolean isLast = day == days.size() - 1;
      double x = LEFT + step * (day + 0.5);
      svg.text(
          isLast ? RIGHT : x,
          y,
          isLast && days.size() > 1 ? "tick end" : "tick mid",
          days.first().plusDays(day).format(DAY));
    }
  }

  private static String description(Days days, Surge surge) {
    String counts =
        days.negative().subList(Math.max(0, days.size() - SMOOTH), days.size()).stream()
            .map(Figures::count)
            .collect(Collectors.joining(", "));
    return "Negative documents by day from %s to %s; the last days: %s. Expected on the day of the peak %s, limit %s."
        .formatted(
            days.first(),
            days.last(),
            counts,
            Svg.number(surge.expected()),
            Svg.number(surge.limit()));
  }

  private static String description(Days days) {
    return "Share of negative documents over seven days each, from %s to %s; at the end %s."
        .formatted(days.first(), days.last(), Figures.percent(share(days, days.size() - 1)));
  }
}
