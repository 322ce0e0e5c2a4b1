package io.attune.jobs;

import io.attune.jobs.config.NightConfig;
import io.attune.jobs.night.NightLog;
import io.attune.jobs.night.Nights;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Stage;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds the options that name a night of a task. */
final class NightOptions {
  @Mixin CommonOptions common;

  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD",
      description = "The night; files with a later date wait (default: today, UTC).")
  LocalDate date;

  @Option(
      names = "--run",
      paramLabel = "ID",
      description = "One run, such as 2026-01-02.1 (default: the latest).")
  String run;

  LocalDate night(Clock clock) {
    return date == null ? LocalDate.now(clock.withZone(ZoneOffset.UTC)) : date;
  }

  Nights open(NightConfig config, NightLog log) {
    return new Nights(
        config,
        SparkSessions.hadoop(config.config().spark()),
        Terminal.console(),
        Clock.systemUTC(),
        log);
  }

  /** Runs a single stage of the night and returns the exit code. */
  int runAlone(Stage stage) {
    try (Nights nights = open(common.loadNight(), new NightLog())) {
      nights.runAlone(stage, run, night(Clock.systemUTC()));
      return ExitCodes.DONE;
    }
  }
}
