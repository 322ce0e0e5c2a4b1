package io.attune.jobs;

import io.attune.jobs.night.NightLog;
import io.attune.jobs.night.Nights;
import io.attune.pipeline.stage.score.ScoreWindow;
import io.attune.schemas.failure.Failure;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "score",
    description = {
      ScoreJob.DESCRIPTION,
      "",
      "Without --since, --until and --all these are the documents that no model has read, and those"
          + " of the last score.rescore-days that only others have read. What the model has read"
          + " already it does not read again, so that running the command twice is running it"
          + " once.",
    },
    footer = {
      "",
      "Examples:",
      "  attune score -c news.yaml                       after a rollback, or a night that failed",
      "  attune score -c news.yaml --since 2026-01-01    all of this year by the current model",
      "  attune score -c news.yaml --all",
    })
final class ScoreJob implements Callable<Integer> {
  static final String DESCRIPTION =
      "Lets the current model read what it has not read yet, labelled or not, and keeps its answers"
          + " in the table of scores.";

  @Mixin NightOptions night;

  @Option(
      names = "--since",
      paramLabel = "YYYY-MM-DD",
      description =
          "Documents published from this day on (UTC); one without a date counts by that of its"
              + " run.")
  LocalDate since;

  @Option(
      names = "--until",
      paramLabel = "YYYY-MM-DD",
      description = "Documents published up to this day.")
  LocalDate until;

  @Option(names = "--all", description = "Documents of every day.")
  boolean all;

  @Override
  public Integer call() {
    try (Nights nights = night.open(night.common.loadNight(), new NightLog())) {
      nights.score(night.run, window(), night.night(Clock.systemUTC()));
      return ExitCodes.DONE;
    }
  }

  private Optional<ScoreWindow> window() {
    boolean none = since == null && until == null;
    if (all && !none) {
      throw new Failure.BadUsage("--all is every day; leave out --since and --until, or --all");
    }
    ScoreWindow every = ScoreWindow.ALL;
    return all || !none
        ? Optional.of(
            new ScoreWindow(
                since == null ? every.since() : since, until == null ? every.until() : until))
        : Optional.empty();
  }
}
