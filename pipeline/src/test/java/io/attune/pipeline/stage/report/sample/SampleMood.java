package io.attune.pipeline.stage.report.sample;

import io.attune.schemas.report.Advice;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Evaluation.AttendedSpan;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.Mood.Rate;
import io.attune.schemas.report.Mood.Series;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.SurgeAlert.Course;
import io.attune.schemas.report.SurgeAlert.Headline;
import io.attune.schemas.report.SurgeAlert.Word;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Makes the mood of a night with everything that a page can show, hostile texts included. */
public final class SampleMood {
  public static final String HOSTILE = "<script>alert(1)</script> \"q\" & '\u202e\u001b[31m";
  private static final LocalDate FIRST = LocalDate.of(2025, 10, 9);
  private static final int DAYS = 90;

  private SampleMood() {}

  /** Returns the mood. */
  public static Mood mood() {
    List<Series> series = new ArrayList<>();
    series.add(series("market", "", 240, 14));
    for (String topic :
        List.of("regulation", "earnings", "mergers", "markets", "delivery", "quality", HOSTILE)) {
      series.add(series("topic", topic, 36, topic.equals("regulation") ? 14 : 1));
    }
    series.add(series("source", "Northwire", 60, 3));
    series.add(series("source", "港湾社", 40, 2));
    series.add(series("source", HOSTILE, 10, 1));
    series.add(series("entity", "NVL", 9, 20));
    return new Mood(
        Mood.VERSION,
        "news",
        "2026-01-06.1",
        "2026-01-06",
        FIRST.plusDays(DAYS - 1).toString(),
        "2026-01-05.1",
        null,
        new Mood.Asked("UTC", "sentiment", List.of("negative"), "topic", List.of("tickers")),
        new Mood.Arrivals(3_842, 3, 12, 1, 84, 5),
        series,
        List.of(new Mood.LeftOut("entity", 9_412, 20_311)),
        List.of(
            new Mood.Story("market", "", headlines()),
            new Mood.Story("topic", HOSTILE, headlines())),
        List.of(
            new Mood.Explained(
                "topic:" + HOSTILE,
                "2026-01-05",
                44,
                21.4,
                1.62,
                2_000,
                "2025-12-30.1",
                "2026-01-05.1")));
  }

  /** Returns the alerts: one of each kind of change. */
  public static AlertFile alerts() {
    return new AlertFile(
        AlertFile.VERSION,
        "news",
        "2026-01-06.1",
        "2026-01-06",
        null,
        List.of(
            alert("a1", "NVL", SurgeAlert.RAISED, "severe"),
            alert("a2", HOSTILE, SurgeAlert.WORSENED, "warning"),
            alert("a3", "ORC", SurgeAlert.GOES_ON, "notice"),
            alert("a4", "HLX", SurgeAlert.WITHDRAWN, "notice")));
  }

  /** Returns the alerts of one kind of change. */
  public static AlertFile only(String change) {
    return new AlertFile(
        AlertFile.VERSION,
        "news",
        "2026-01-06.1",
        "2026-01-06",
        null,
        alerts().alerts().stream().filter(alert -> alert.change().equals(change)).toList());
  }

  /** Returns no alerts, and why. */
  public static AlertFile none(String note) {
    return new AlertFile(AlertFile.VERSION, "news", "2026-01-06.1", "2026-01-06", note, List.of());
  }

  /** Returns the mood of a night without a model. */
  public static Mood empty() {
    return new Mood(
        Mood.VERSION,
        "news",
        "2026-01-06.1",
        "2026-01-06",
        null,
        null,
        "No model is in use yet, so no document was read.",
        null,
        new Mood.Arrivals(0, 0, 0, 0, 0, 0),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static SurgeAlert alert(String id, String name, String change, String severity) {
    return new SurgeAlert(
        id,
        new SurgeAlert.Subject(
            "entity:" + name, "entity", name, id.equals("a3") ? "share" : "count"),
        change,
        severity,
        new SurgeAlert.Span("2026-01-02", "2026-01-04", "2026-01-05"),
        new SurgeAlert.Peak(
            34,
            4.2,
            11,
            0.00002,
            0.003,
            "trend and weekday, without a season: less than two years of history",
            ""),
        List.of("market", "topic:regulation", "source:" + HOSTILE),
        "2026-01-05.1",
        headlines(),
        List.of(new Word("fined", 0.21), new Word("probe", 0.14), new Word(HOSTILE, 0.1)),
        course(6, 30));
  }

  private static List<Headline> headlines() {
    String text = "Regulator fines Novela after probe\nThe company did not deny the report.";
    return List.of(
        new Headline(
            "d1",
            "2026-01-05",
            "Northwire",
            text,
            0.97,
            4,
            List.of(
                new AttendedSpan(0, 9, 0.04),
                new AttendedSpan(10, 15, 0.3),
                new AttendedSpan(29, 34, 0.2))),
        new Headline("d2", "2026-01-04", "港湾社", "监管部门对诺维拉罚款，股价大跌", 0.93, 1, List.of()),
        new Headline("d3", "2026-01-04", null, HOSTILE, 0.91, 1, List.of()));
  }

  private static Series series(String kind, String name, int level, int surge) {
    Course course = course(level, surge);
    long documents = course.documents().get(DAYS - 1);
    long negative = course.negative().get(DAYS - 1);
    double share = (double) negative / documents;
    return new Series(
        kind,
        name,
        course,
        new Rate(
            documents,
            negative,
            share,
            Math.max(0, share - 0.03),
            new Interval(Math.max(0, share - 0.09), Math.min(1, share + 0.04))),
        new Rate(28L * level, 9L * level, 9.0 / 28, null, null));
  }

  private static Course course(int level, int surge) {
    List<Long> documents = new ArrayList<>();
    List<Long> negative = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      boolean isWeekend = FIRST.plusDays(day).getDayOfWeek().getValue() > 5;
      long usual = Math.max(1, Math.round(level * (isWeekend ? 0.6 : 1) + 3 * Math.sin(day / 5.0)));
      long bad = Math.round(usual * (0.33 + 0.1 * Math.sin(day / 11.0)));
      long more = day >= DAYS - 4 ? surge : 0;
      documents.add(usual + more);
      negative.add(bad + more);
    }
    return new Course(FIRST.toString(), documents, negative);
  }

  /** Returns advice to train again, with a text to label that tries to be markup. */
  public static Advice advice() {
    return new Advice(
        Advice.VERSION,
        "news",
        "2026-01-02.1",
        "2026-01-02",
        Advice.TRAIN_AGAIN,
        List.of(
            new Advice.Reason("drift", true, "Answers of 'mood' to 1,204 documents are unlike."),
            new Advice.Reason("age", false, "The model in use, 2025-12-01.1, is 32 days old.")),
        new Advice.Model("2025-12-01.1", "2025-12-01", 32, 4000, 900, 31),
        new Advice.Window("2025-12-06", "2026-01-02", 1204, 700),
        List.of(),
        List.of(),
        List.of(
            new Advice.Request(
                "wire:7",
                "North<b>wire",
                "2026-01-01",
                "<script>alert(7)</script> shares \u202e fell",
                List.of(new Advice.Guess("mood", "negative", 0.41, "neutral", 0.39)))));
  }
}
