package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.Herald;
import io.attune.jobs.night.NightLog;
import io.attune.jobs.night.Nights;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import java.time.Clock;
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
      "A night is due when its corpora have files that no run took in. Nights that were missed are"
          + " caught up in order. Where nothing is new, nothing is done, and that is a success.",
    },
    footer = {
      "",
      "Examples:",
      "  attune nightly -c news.yaml",
      "  attune nightly -c news.yaml --date 2026-01-02 --until train",
      "  attune nightly -c news.yaml --set train.stopping.epochs=4 --anew",
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

  @Option(names = "--anew", description = "Train anew even if no file is new.")
  boolean anew;

  @Override
  public Integer call() {
    RunConfig config = night.common.load();
    Herald herald = new Herald(config, Terminal.console(), System.getenv(), Clock.systemUTC());
    return herald.tellOf(log -> run(config, log));
  }

  private int run(RunConfig config, NightLog log) {
    try (Nights nights = night.open(config, log)) {
      List<Run> runs = nights.runDue(night.night(Clock.systemUTC()), new Span(from, until), anew);
      tell(Terminal.console(), nights, runs);
      return ExitCodes.DONE;
    }
  }

  private void tell(Console console, Nights nights, List<Run> runs) {
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
