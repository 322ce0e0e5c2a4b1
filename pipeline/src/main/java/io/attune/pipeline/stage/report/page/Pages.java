package io.attune.pipeline.stage.report.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.NightReport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Renders the pages of the report as HTML in UTF-8. */
public final class Pages {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), Pages.class.getPackageName());

  /** Starts the Unicode block of visible symbols for the first 32 control characters. */
  private static final char CONTROL_PICTURES = '\u2400';

  private static final char LEFT_TO_RIGHT_OVERRIDE = '\u202D';
  private static final char RIGHT_TO_LEFT_OVERRIDE = '\u202E';
  private static final char REPLACEMENT = '\uFFFD';

  private Pages() {}

  /**
   * Renders the page of a night; with ever less in it, until it is at most {@code maxBytes} long.
   *
   * @throws IllegalStateException if not even the smallest page fits
   */
  public static byte[] night(NightReport night, PageLimits most, int maxBytes) {
    PageLimits limits = most;
    while (true) {
      byte[] page = render("night.jte", NightPage.of(night, limits));
      if (page.length <= maxBytes) {
        return page;
      }
      if (!limits.canShrink()) {
        throw new IllegalStateException(
            "The smallest page of %s %s has %d bytes, above report.max-page-bytes %d"
                .formatted(night.task(), night.run(), page.length, maxBytes));
      }
      limits = limits.halved();
    }
  }

  /**
   * Renders the page of the mood, whose length is bounded by what it shows at most.
   *
   * @param advice empty for a night of a version without it
   */
  public static byte[] mood(Mood mood, AlertFile alerts, Optional<Advice> advice) {
    return render("mood.jte", MoodPage.of(mood, alerts, advice));
  }

  /**
   * Renders the page over all runs.
   *
   * @param nights the newest first
   * @param moods the latest of each task that has one, the newest first
   * @param total the number of reports, with those that are not in {@code nights}
   * @param unreadable paths of reports that exist and cannot be read
   */
  public static byte[] overview(
      List<NightLine> nights, List<MoodLine> moods, int total, List<String> unreadable) {
    return render("overview.jte", OverviewPage.of(nights, moods, total, unreadable));
  }

  /** Renders the page over all runs of tasks without a mood. */
  public static byte[] overview(List<NightLine> nights, int total, List<String> unreadable) {
    return overview(nights, List.of(), total, unreadable);
  }

  private static byte[] render(String template, Object page) {
    StringOutput out = new StringOutput(1 << 16);
    TEMPLATES.render(template, page, out);
    return visible(out.toString()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Makes characters visible that HTML does not allow: a control character becomes its symbol; half
   * of a surrogate pair and a directional override, by which a name can be made to read as another,
   * become the replacement character.
   */
  static String visible(String html) {
    StringBuilder out = new StringBuilder(html.length());
    for (int i = 0; i < html.length(); i++) {
      char c = html.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < html.length()
          && Character.isLowSurrogate(html.charAt(i + 1))) {
        out.append(c).append(html.charAt(++i));
      } else if (Character.isSurrogate(c)
          || (c >= 0x7F && c <= 0x9F)
          || c == LEFT_TO_RIGHT_OVERRIDE
          || c == RIGHT_TO_LEFT_OVERRIDE
          || c >= 0xFFFE) {
        out.append(REPLACEMENT);
      } else if (c < ' ' && c != '\n' && c != '\t') {
        out.append((char) (CONTROL_PICTURES + c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
