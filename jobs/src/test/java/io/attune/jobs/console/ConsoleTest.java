package io.attune.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Ticks clock = new Ticks();

  @Test
  void textCannotSteerTheTerminal() {
    console(false).line("bad \u001B[2J text \u202E rtl");

    assertThat(written()).isEqualTo("bad \uFFFD[2J text \uFFFD rtl\n");
  }

  @Test
  void withoutATerminalLongWorkWritesPlainLinesWithTheTimeLeft() {
    Progress progress = console(false).progress("train");

    progress.update(10, 100, "loss 0.5");
    clock.pass(Console.PLAIN_EVERY);
    progress.update(25, 100, "loss 0.4");
    progress.update(26, 100, "loss 0.4");

    assertThat(written())
        .isEqualTo("  train     ██████░░░░░░░░░░░░░░░░░░  25 %  1:15 min left  loss 0.4\n");
  }

  @Test
  void eachPartOfAStageHasASpeedOfItsOwn() {
    Progress progress = console(false).progress("train");

    progress.update(0, 1000, "vectors");
    clock.pass(Duration.ofMinutes(10));
    progress.update(60, 100, "resumed");
    clock.pass(Duration.ofSeconds(20));
    progress.update(80, 100, "loss 0.4");

    assertThat(written().lines())
        .containsExactly(
            "  train     ██████████████░░░░░░░░░░  60 %  ? left  resumed",
            "  train     ███████████████████░░░░░  80 %  20.0 s left  loss 0.4");
  }

  @Test
  void onATerminalTheBarIsDrawnOverAndClearedBeforeTheNextLine() {
    Console console = console(true);
    console.progress("train").update(1, 2, "");
    console.line("done");

    assertThat(written()).startsWith("\r\033[K  train").endsWith("\r\033[Kdone\n");
  }

  private Console console(boolean terminal) {
    return new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Provides a clock that only a test advances. */
  private static final class Ticks extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
