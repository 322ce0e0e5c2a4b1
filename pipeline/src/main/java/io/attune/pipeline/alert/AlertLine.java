package io.attune.pipeline.alert;

import io.attune.schemas.report.SurgeAlert;
import java.util.Locale;

/** Says in one line of plain text what an alert is about. */
public final class AlertLine {
  private static final int LONGEST_NAME = 80;

  private AlertLine() {}

  /**
   * Returns a line such as {@code SEVERE: negative news on topic regulation, 2026-01-02 to
   * 2026-01-05: 61 on 2026-01-04, expected 12.4, limit 23 (p 0.0001)}.
   */
  public static String of(SurgeAlert alert) {
    String about = about(alert.subject());
    return switch (alert.change()) {
      case SurgeAlert.WITHDRAWN ->
          "WITHDRAWN: %s since %s; what is known now of these days is no surge"
              .formatted(about, alert.span().since());
      case SurgeAlert.ENDED -> "ended: %s, %s".formatted(about, figures(alert));
      case SurgeAlert.GOES_ON -> "goes on: %s, %s".formatted(about, figures(alert));
      default ->
          "%s%s: %s, %s"
              .formatted(
                  alert.severity().toUpperCase(Locale.ROOT),
                  alert.change().equals(SurgeAlert.WORSENED) ? " (worse than before)" : "",
                  about,
                  figures(alert));
    };
  }

  /** Returns what surged, such as {@code negative news on topic regulation}. */
  public static String about(SurgeAlert.Subject subject) {
    String what =
        subject.measure().equals("share") ? "the share of negative news" : "negative news";
    String name = PlainText.of(subject.name(), LONGEST_NAME);
    return switch (subject.kind()) {
      case "market" -> what + " in the whole market";
      case "source" -> what + " from " + name;
      case "entity" -> what + " about " + name;
      default -> what + " on " + subject.kind() + " " + name;
    };
  }

  private static String figures(SurgeAlert alert) {
    SurgeAlert.Span span = alert.span();
    return String.format(
        Locale.ROOT,
        "%s: %d on %s, expected %.1f, limit %.0f (p %s)",
        span.days(),
        alert.peak().seen(),
        span.peak(),
        alert.peak().expected(),
        alert.peak().limit(),
        probability(alert.peak().p()));
  }

  private static String probability(double p) {
    return p < 1e-4 ? "below 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }
}
