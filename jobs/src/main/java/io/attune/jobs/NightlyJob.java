package io.attune.jobs;

import io.attune.jobs.config.NightConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightLog;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.night.Notifier;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "nightly",
    description = {
      "Runs every stage of every night that is due, each from where it stopped.",
      "",
      "A night is due when its corpora have files that no run has ingested. Nights that were missed"
          + " are caught up in order. If there is nothing new, nothing is done, which is a"
          + " success.",
    },
    footer = {
      "",
      "Examples:",
      "  attune nightly -c news.yaml",
      "  attune nightly -c news.yaml --date 2026-01-02 --until train",
      "  attune nightly -c news.yaml --set train.stopping.epochs=4 --force",
      "  attune nightly -c news.yaml --cluster yarn    on a cluster, as conf/yarn.conf says;",
      "                                                --master URL on that master instead",
    })
final class NightlyJob implements Callable<Integer> {
  @Mixin NightOptions night;

  @Option(
      names = "--from",
      paramLabel = "STAGE",
      description = "The first stage to run; those before it must be done.")
  Stage from = Span.ALL.from();

  @Option(names = "--until", paramLabel = "STAGE", description = "The last stage to run.")
  Stage until = Span.ALL.until();

  @Option(names = "--force", description = "Train even if there is no new file.")
  boolean force;

  @Override
  public Integer call() {
    NightConfig config = night.common.loadNight();
    Notifier notifier =
        new Notifier(config.config(), Terminal.console(), System.getenv(), Clock.systemUTC());
    return notifier.runAndNotify(log -> run(config, log));
  }

  private int run(NightConfig config, NightLog log) {
    try (Nights nights = night.open(config, log)) {
      List<Run> runs = run(nights, night.night(Clock.systemUTC()));
      print(Terminal.console(), nights, runs);
      return ExitCodes.DONE;
    }
  }

  private List<Run> run(Nights nights, LocalDate date) {
    Span span = new Span(from, until);
    return force ? nights.runForced(date, span) : nights.runDue(date, span);
  }

  private void print(Console console, Nights nights, List<Run> runs) {
    if (runs.isEmpty()) {
      console.line("Nothing new, nothing done.");
    } else if (until == Stage.REPORT) {
      Run last = runs.get(runs.size() - 1);
      console.line("Report: " + nights.storage().resolve(last.report() + "/index.html"));
    } else {
      console.line("Stopped after " + until.name().toLowerCase(Locale.ROOT) + ", as asked.");
    }
  }
}
