package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.alert.AlertLine;
import io.attune.pipeline.alert.PlainText;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.SurgeAlert;
import io.attune.schemas.report.SurgeAlert.Headline;
import io.attune.schemas.report.SurgeAlert.Word;
import java.util.stream.Collectors;

/** Writes the alerts of a night as a text for mail and chat. */
final class AlertText {
  private static final int LONGEST = 160;

  private AlertText() {}

  static String of(AlertFile file) {
    StringBuilder out = new StringBuilder();
    out.append("Attune, task ")
        .append(PlainText.of(file.task(), LONGEST))
        .append(", night of ")
        .append(file.date())
        .append(": ")
        .append(summary(file))
        .append('\n');
    if (file.note() != null) {
      out.append(PlainText.of(file.note(), 2 * LONGEST)).append('\n');
    }
    for (SurgeAlert alert : file.alerts()) {
      out.append('\n').append(AlertLine.of(alert)).append('\n');
      if (alert.change().equals(SurgeAlert.WITHDRAWN)) {
        continue;
      }
      out.append("  judged by ").append(alert.peak().method());
      if (!alert.peak().note().isEmpty()) {
        out.append("; ").append(PlainText.of(alert.peak().note(), LONGEST));
      }
      out.append("; model ").append(alert.model()).append('\n');
      if (!alert.covers().isEmpty()) {
        out.append("  this explains also: ")
            .append(PlainText.of(String.join(", ", alert.covers()), LONGEST))
            .append('\n');
      }
      for (Headline headline : alert.headlines()) {
        out.append("  ").append(headline(headline)).append('\n');
      }
      if (!alert.words().isEmpty()) {
        out.append("  attended: ")
            .append(
                PlainText.of(
                    alert.words().stream().map(Word::word).collect(Collectors.joining(", ")),
                    LONGEST))
            .append('\n');
      }
    }
    return out.toString();
  }

  private static String summary(AlertFile file) {
    long news = file.news().size();
    long others = file.alerts().size() - news;
    return (news == 0 ? "no new alert" : Figures.of(news, "new alert"))
        + (others == 0 ? "" : ", " + Figures.count(others) + " known");
  }

  private static String headline(Headline headline) {
    StringBuilder line = new StringBuilder();
    line.append(headline.day()).append(' ').append(Figures.percent(headline.probability()));
    if (headline.source() != null) {
      line.append(' ').append(PlainText.of(headline.source(), 40));
    }
    line.append(": ").append(PlainText.of(headline.text(), LONGEST));
    if (headline.copies() > 1) {
      line.append(" (").append(Figures.count(headline.copies())).append(" copies)");
    }
    return line.toString();
  }
}
