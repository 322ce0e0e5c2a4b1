package io.attune.pipeline.stage.report.page;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.stage.report.chart.DayChart;
import io.attune.pipeline.stage.report.page.NightPage.Tile;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.Mood.Arrivals;
import io.attune.schemas.report.Mood.Series;
import io.attune.schemas.report.SurgeAlert;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Holds the values of the page of the mood, bounded, in the order in which they are read.
 *
 * @param isAlarmed whether there is a new alert
 * @param note why there are no trends, or no alerts; empty if there are
 * @param market null without trends
 * @param advice null in a night of a version without it
 */
record MoodPage(
    String task,
    String run,
    String night,
    String headline,
    boolean isAlarmed,
    String lead,
    String note,
    List<Tile> tiles,
    Truncated<AlertView> alerts,
    List<ExplainedView> explained,
    SeriesView market,
    Truncated<SeriesView> topics,
    Truncated<SeriesView> sources,
    Truncated<SeriesView> entities,
    List<StoryView> stories,
    List<String> remarks,
    AdviceView advice) {
  private static final int MOST_ALERTS = 30;
  private static final int MOST_TOPICS = 24;
  private static final int MOST_ROWS = 40;
  private static final int MOST_STORIES = 25;
  private static final int NAME = 60;

  /** Shows a surge that the change of model explains. */
  record ExplainedView(
      String series, String day, String seen, String expected, String factor, String models) {}

  /** Shows the headlines of one series. */
  record StoryView(String name, String count, List<AlertView.HeadlineView> headlines) {}

  static MoodPage of(Mood mood, AlertFile alerts, Optional<Advice> advice) {
    List<Series> topics = ofKind(mood, "topic");
    double highest =
        topics.stream()
            .limit(MOST_TOPICS)
            .filter(series -> !series.course().documents().isEmpty())
            .mapToDouble(series -> DayChart.highest(SeriesView.days(series)))
            .max()
            .orElse(0);
    Series market = ofKind(mood, "market").stream().findFirst().orElse(null);
    return new MoodPage(
        Figures.cut(mood.task(), 80),
        Figures.cut(mood.run(), 40),
        NightPage.inWords(mood.date()),
        headline(mood, alerts),
        !rising(alerts).isEmpty(),
        lead(mood, market),
        mood.note() == null ? "" : Figures.cut(mood.note(), 600),
        tiles(mood, alerts, market),
        Truncated.firstOf(alerts.alerts().stream().map(AlertView::of).toList(), MOST_ALERTS),
        mood.explained().stream().map(MoodPage::explained).toList(),
        market == null ? null : SeriesView.of(market, "market-course", highestOf(market)),
        views(topics, MOST_TOPICS, "topic-", highest),
        views(ofKind(mood, "source"), MOST_ROWS, null, 0),
        views(ofKind(mood, "entity"), MOST_ROWS, null, 0),
        mood.stories().stream().limit(MOST_STORIES).map(MoodPage::story).toList(),
        remarks(mood),
        advice.map(AdviceView::of).orElse(null));
  }

  private static double highestOf(Series series) {
    return series.course().documents().isEmpty() ? 0 : DayChart.highest(SeriesView.days(series));
  }

  private static List<Series> ofKind(Mood mood, String kind) {
    return mood.series().stream().filter(series -> series.kind().equals(kind)).toList();
  }

  private static Truncated<SeriesView> views(
      List<Series> series, int most, String ids, double highest) {
    List<SeriesView> views = new ArrayList<>();
    for (int i = 0; i < Math.min(most, series.size()); i++) {
      views.add(SeriesView.of(series.get(i), ids == null ? null : ids + i, highest));
    }
    return new Truncated<>(views, series.size());
  }

  /** Returns the alerts that the headline tells of. */
  static List<SurgeAlert> rising(AlertFile alerts) {
    return alerts.alerts().stream().filter(SurgeAlert::isRising).toList();
  }

  /** Returns the page's title: what is new, in one sentence. */
  static String headline(Mood mood, AlertFile alerts) {
    List<SurgeAlert> raised = rising(alerts);
    if (raised.size() == 1) {
      return AlertView.name(raised.get(0).subject()) + " surges";
    }
    if (raised.size() > 1) {
      return "%s: %s and %d more"
          .formatted(
              Figures.of(raised.size(), "new alert"),
              within(AlertView.name(raised.get(0).subject())),
              raised.size() - 1);
    }
    if (mood.asked() == null || mood.asked().sentiment() == null) {
      return mood.series().isEmpty()
          ? "No mood to follow yet"
          : "Topics alone: no mood is followed";
    }
    long open =
        alerts.alerts().stream().filter(alert -> alert.change().equals(SurgeAlert.GOES_ON)).count();
    if (mood.series().isEmpty()) {
      return "No mood to follow yet";
    }
    return open == 0
        ? "No surge of negative news"
        : "Nothing new; " + Figures.of(open, "alert") + (open == 1 ? " goes on" : " go on");
  }

  /** Returns a name as it is written within a sentence. */
  private static String within(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static String lead(Mood mood, Series market) {
    if (market == null || market.today().share() == null) {
      return "";
    }
    String corrected =
        market.today().corrected() == null
            ? ""
            : " Corrected for the model’s own errors: "
                + SeriesView.corrected(market.today())
                + ".";
    return "On %s (%s) %s of %s were negative; in the four weeks before, %s.%s"
        .formatted(
            mood.today(),
            mood.asked().zone(),
            Figures.percent(market.today().share()),
            Figures.of(market.today().documents(), "document"),
            Figures.percent(market.before().share() == null ? Double.NaN : market.before().share()),
            corrected);
  }

  private static List<Tile> tiles(Mood mood, AlertFile alerts, Series market) {
    Arrivals arrivals = mood.arrivals();
    List<Tile> tiles = new ArrayList<>();
    long going =
        alerts.alerts().stream().filter(alert -> alert.change().equals(SurgeAlert.GOES_ON)).count();
    tiles.add(
        new Tile(
            "new alerts",
            Figures.count(rising(alerts).size()),
            List.of(Figures.count(going) + " of earlier nights go on")));
    if (market != null && market.today().share() != null) {
      double before = market.before().share() == null ? Double.NaN : market.before().share();
      tiles.add(
          new Tile(
              "negative, last day",
              Figures.percent(market.today().share()),
              List.of(
                  Figures.points(market.today().share() - before)
                      + " points against four weeks before")));
    }
    tiles.add(
        new Tile(
            "came in tonight",
            Figures.count(arrivals.documents()),
            List.of(Figures.of(arrivals.unread(), "document") + " not read by a model")));
    if (mood.model() != null) {
      tiles.add(new Tile("read by model", Figures.cut(mood.model(), 40), List.of()));
    }
    return tiles;
  }

  private static ExplainedView explained(Mood.Explained explained) {
    return new ExplainedView(
        Figures.cut(explained.series(), NAME),
        explained.day(),
        Figures.count(explained.seen()),
        String.format(Locale.ROOT, "%.1f", explained.expected()),
        String.format(Locale.ROOT, "%.2f", explained.factor()),
        "%s after %s, on %s"
            .formatted(
                Figures.cut(explained.now(), 40),
                Figures.cut(explained.before(), 40),
                Figures.of(explained.documents(), "document")));
  }

  private static StoryView story(Mood.Story story) {
    return new StoryView(
        story.name().isEmpty() ? "Whole market" : Figures.cut(story.name(), NAME),
        Figures.of(story.headlines().size(), "headline"),
        story.headlines().stream().map(AlertView.HeadlineView::of).toList());
  }

  /** Says what the figures leave out. */
  private static List<String> remarks(Mood mood) {
    List<String> remarks = new ArrayList<>();
    Arrivals arrivals = mood.arrivals();
    remark(
        remarks,
        arrivals.late(),
        "tonight is of days that an earlier night had judged; it changed these days",
        "tonight are of days that an earlier night had judged; they changed these days");
    remark(
        remarks,
        arrivals.tooLate(),
        "of them came too late: its day is counted and no longer judged",
        "of them came too late: their days are counted and no longer judged");
    remark(
        remarks,
        arrivals.undated(),
        "tonight has no date and counts for no day",
        "tonight have no date and count for no day");
    remark(
        remarks,
        arrivals.future(),
        "tonight is dated after the night and counts when its day has come",
        "tonight are dated after the night and count when their day has come");
    for (Mood.LeftOut left : mood.leftOut()) {
      remarks.add(
          "%s of kind %s are too rare to be followed; they have %s."
              .formatted(
                  Figures.count(left.series()) + " series",
                  left.kind(),
                  Figures.of(left.documents(), "document")));
    }
    return remarks;
  }

  private static void remark(List<String> remarks, long number, String one, String several) {
    if (number > 0) {
      remarks.add("%s %s.".formatted(Figures.of(number, "document"), number == 1 ? one : several));
    }
  }
}
