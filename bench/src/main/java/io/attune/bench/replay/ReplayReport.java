package io.attune.bench.replay;

import io.attune.pipeline.alert.PlainText;
import io.attune.schemas.report.AlertReplay;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.SurgeAlert.Headline;
import io.attune.schemas.report.SurgeAlert.Peak;
import io.attune.schemas.report.SurgeAlert.Span;
import io.attune.schemas.table.Split;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Holds what a replay has found.
 *
 * @param accuracy of the model on the test split of its night, by head
 * @param corpora the alerts of each corpus
 */
record ReplayReport(Map<String, Accuracy> accuracy, Map<String, AlertReplay> corpora) {
  private static final int HEADLINES = 4;
  private static final int HEADLINE = 70;
  private static final double DAYS_OF_YEAR = 365.25;

  /** Holds how often a model is right: accuracy and macro-F1 in [0, 1]. */
  record Accuracy(long rows, double accuracy, double macroF1) {}

  static ReplayReport of(NightReport report, Map<String, AlertReplay> corpora) {
    return new ReplayReport(
        report.evaluation().stream()
            .filter(head -> head.model().equals(Evaluation.CANDIDATE))
            .filter(head -> head.split().equals(Split.TEST.word()))
            .collect(
                Collectors.toMap(
                    head -> head.head(),
                    head -> new Accuracy(head.rows(), head.accuracy(), head.macroF1()))),
        corpora);
  }

  /** Returns the report as Markdown, by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    accuracy.forEach(
        (head, of) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "Model: head %s, %,d test rows, accuracy %.2f, macro-F1 %.2f.",
                    head,
                    of.rows(),
                    100 * of.accuracy(),
                    100 * of.macroF1())));
    corpora.forEach(
        (name, replay) -> {
          lines.add("");
          lines.add("## " + name);
          lines.add("");
          lines.add(summary(replay));
          lines.add("");
          lines.add("| # | days | series | seen | expected | limit | p | severity | headlines |");
          lines.add("|---|---|---|---|---|---|---|---|---|");
          for (int i = 0; i < replay.strongest().size(); i++) {
            lines.add(row(i + 1, replay.strongest().get(i)));
          }
        });
    return lines;
  }

  private static String summary(AlertReplay replay) {
    return String.format(
        Locale.ROOT,
        "%s to %s: %,d documents, %.1f %% negative, %,d series, %,d alerts (%.1f a year).",
        replay.first(),
        replay.last(),
        replay.documents(),
        100.0 * replay.negatives() / Math.max(1, replay.documents()),
        replay.series(),
        replay.alerts(),
        replay.alerts() / years(replay));
  }

  private static double years(AlertReplay replay) {
    long days =
        LocalDate.parse(replay.last()).toEpochDay()
            - LocalDate.parse(replay.first()).toEpochDay()
            + 1;
    return days / DAYS_OF_YEAR;
  }

  private static String row(int number, SurgeAlert alert) {
    Peak peak = alert.peak();
    return String.format(
        Locale.ROOT,
        "| %d | %s | %s | %,d | %.1f | %.0f | %.1g | %s | %s |",
        number,
        days(alert.span()),
        series(alert.subject()),
        peak.seen(),
        peak.expected(),
        peak.limit(),
        peak.p(),
        alert.severity(),
        alert.headlines().stream()
            .limit(HEADLINES)
            .map(ReplayReport::headline)
            .collect(Collectors.joining(" · ")));
  }

  /** Returns the day of the peak, and how long the alert lasted if that was longer. */
  private static String days(Span span) {
    return span.since().equals(span.last())
        ? span.peak()
        : "%s (%s to %s)".formatted(span.peak(), span.since(), span.last());
  }

  private static String series(SurgeAlert.Subject subject) {
    String name = PlainText.of(subject.series(), HEADLINE);
    return subject.measure().equals("share") ? "share of " + name : name;
  }

  private static String headline(Headline headline) {
    return PlainText.of(headline.text(), HEADLINE);
  }
}
