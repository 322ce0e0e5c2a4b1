package io.attune.jobs.console;

import io.attune.pipeline.Progress;
import io.attune.pipeline.figure.Figures;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes lines for people; control characters of untrusted text are escaped.
 *
 * <p>On a terminal, long work draws a progress bar with the remaining time; elsewhere it writes a
 * plain line every {@link #PLAIN_EVERY}.
 */
public final class Console {
  static final Duration PLAIN_EVERY = Duration.ofSeconds(15);
  private static final Duration DRAW_EVERY = Duration.ofMillis(200);
  private static final int BAR = 24;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]");

  private final PrintStream out;
  private final boolean terminal;
  private final Clock clock;
  private boolean barIsDrawn;

  public Console(PrintStream out, boolean terminal, Clock clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Writes a line; control characters, which could control a terminal, are replaced. */
  public void line(String text) {
    clearBar();
    out.println(escaped(text));
    out.flush();
  }

  /** Writes the line of a stage that is done. */
  public void stage(String name, String mark, double seconds, String summary) {
    line(
        String.format(
            Locale.ROOT,
            "  %-9s %s %8s  %s",
            name,
            mark,
            seconds < 0 ? "" : Figures.shortDuration(seconds),
            summary));
  }

  /** Returns the progress bar of work that begins now. */
  public Progress progress(String name) {
    return new Bar(name, Instant.now(clock));
  }

  private final class Bar implements Progress {
    private final String name;
    private final Instant began;
    private Part part;
    private Instant shown = Instant.EPOCH;

    Bar(String name, Instant began) {
      this.name = name;
      this.began = began;
      this.part = new Part(began, 0, 0);
    }

    @Override
    public synchronized void update(long done, long total, String note) {
      Instant now = Instant.now(clock);
      if (total != part.total()) {
        part = new Part(now, done, total);
      }
      Duration every = terminal ? DRAW_EVERY : PLAIN_EVERY;
      Instant since = terminal || !shown.equals(Instant.EPOCH) ? shown : began;
      if (now.isBefore(since.plus(every))) {
        return;
      }
      shown = now;
      double fraction = total <= 0 ? 0 : Math.min(1, (double) done / total);
      String text =
          String.format(
              Locale.ROOT,
              "%-9s %s %3.0f %%  %s left  %s",
              name,
              bar(fraction),
              fraction * 100,
              part.left(done, now),
              note);
      if (terminal) {
        out.print("\r\033[K  " + escaped(text));
        out.flush();
        barIsDrawn = true;
      } else {
        line("  " + text);
      }
    }

    @Override
    public void warn(String message) {
      stage(name, "!", -1, message);
    }
  }

  /**
   * Knows when a part of a stage began, which has a number of units and a speed of its own.
   *
   * @param doneBefore units that an earlier attempt did
   */
  private record Part(Instant began, long doneBefore, long total) {
    /** Returns the time that is left, for people. */
    String left(long done, Instant now) {
      double seconds = Duration.between(began, now).toMillis() / 1000.0;
      return done <= doneBefore || seconds == 0
          ? "?"
          : Figures.shortDuration(seconds * Math.max(0, total - done) / (done - doneBefore));
    }
  }

  private static String bar(double fraction) {
    int full = (int) Math.round(fraction * BAR);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }

  private void clearBar() {
    if (barIsDrawn) {
      out.print("\r\033[K");
      barIsDrawn = false;
    }
  }

  /** Returns a text without control characters, and without those that turn its direction. */
  public static String escaped(String text) {
    return CONTROL.matcher(text).replaceAll("�");
  }
}
