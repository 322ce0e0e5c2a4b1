package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.DayChart;
import io.attune.pipeline.stage.report.chart.Svg;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.SurgeAlert.Headline;
import io.attune.schemas.report.SurgeAlert.Word;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Shows one alert.
 *
 * @param anchor of the alert within the page
 * @param name what surged
 * @param isNew whether it began tonight or is more severe than before
 * @param chart null without daily counts
 * @param words attended to in the headlines; may be empty
 */
record AlertView(
    String anchor,
    String name,
    String severity,
    String change,
    boolean isNew,
    boolean isWithdrawn,
    String days,
    List<Fact> facts,
    String method,
    String note,
    String covers,
    String words,
    List<HeadlineView> headlines,
    Svg chart) {
  private static final int NAME = 80;
  private static final int MOST_COVERED = 8;

  /** Holds one figure and what it is. */
  record Fact(String name, String value, String detail) {}

  /**
   * Shows one headline with the words that the model attended to.
   *
   * @param about day, source and copies, in words
   */
  record HeadlineView(
      String language, List<ExampleView.Piece> pieces, String probability, String about) {
    static HeadlineView of(Headline headline) {
      String source = headline.source() == null ? "" : " · " + Figures.cut(headline.source(), 60);
      String copies =
          headline.copies() > 1 ? " · " + Figures.count(headline.copies()) + " copies" : "";
      return new HeadlineView(
          ExampleView.language(headline.text()),
          ExampleView.pieces(headline.text(), headline.attention()),
          Figures.percent(headline.probability()),
          headline.day() + source + copies);
    }
  }

  static AlertView of(SurgeAlert alert) {
    SurgeAlert.Peak peak = alert.peak();
    boolean isWithdrawn = alert.change().equals(SurgeAlert.WITHDRAWN);
    return new AlertView(
        "alert-" + alert.id(),
        name(alert.subject()),
        alert.severity(),
        change(alert.change()),
        alert.isRising(),
        isWithdrawn,
        alert.span().days(),
        List.of(
            new Fact("seen", Figures.count(peak.seen()), "on " + alert.span().peak()),
            new Fact("expected", decimal(peak.expected()), "by its own past"),
            new Fact("limit", decimal(peak.limit()), "the highest count that is no surge"),
            new Fact(
                "p",
                Figures.probability(peak.p()),
                "q " + Figures.probability(peak.q()) + " over all series")),
        peak.method(),
        Figures.cut(peak.note(), 200),
        covers(alert.covers()),
        alert.words().stream()
            .map(Word::word)
            .map(word -> Figures.cut(word, 40))
            .collect(Collectors.joining(", ")),
        isWithdrawn ? List.of() : alert.headlines().stream().map(HeadlineView::of).toList(),
        alert.course().negative().isEmpty() || isWithdrawn ? null : chart(alert));
  }

  /** Returns what surged, such as {@code Negative news on regulation}. */
  static String name(SurgeAlert.Subject subject) {
    String what = subject.measure().equals("share") ? "Share of negative news" : "Negative news";
    String name = Figures.cut(subject.name(), NAME);
    return switch (subject.kind()) {
      case "market" -> what + " in the whole market";
      case "source" -> what + " from " + name;
      case "entity" -> what + " about " + name;
      default -> what + " on " + name;
    };
  }

  private static String change(String change) {
    return switch (change) {
      case SurgeAlert.RAISED -> "new";
      case SurgeAlert.WORSENED -> "worse than before";
      case SurgeAlert.GOES_ON -> "goes on";
      case SurgeAlert.ENDED -> "ended";
      default -> "withdrawn";
    };
  }

  private static String covers(List<String> covers) {
    String first =
        covers.stream()
            .limit(MOST_COVERED)
            .map(name -> Figures.cut(name, NAME))
            .collect(Collectors.joining(", "));
    return covers.size() > MOST_COVERED
        ? first + " and " + Figures.count(covers.size() - MOST_COVERED) + " more"
        : first;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static Svg chart(SurgeAlert alert) {
    return DayChart.surge(
        "chart-" + alert.id(),
        name(alert.subject()) + " by day",
        new DayChart.Days(
            LocalDate.parse(alert.course().first()),
            alert.course().documents(),
            alert.course().negative()),
        new DayChart.Surge(
            LocalDate.parse(alert.span().since()),
            LocalDate.parse(alert.span().last()),
            alert.peak().expected(),
            alert.peak().limit()));
  }
}
