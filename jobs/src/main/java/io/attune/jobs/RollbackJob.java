package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.root.RootVersion;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.promote.Promote;
import io.attune.pipeline.storage.Storage;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Makes an earlier model the current one again.",
    footer = {"", "The model's files are verified first; the move is kept in the history."})
final class RollbackJob implements Callable<Integer> {
  @Mixin CommonOptions common;

  @Parameters(
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Such as 2026-01-02.1 (default: the one before the current).")
  String version;

  @Override
  public Integer call() {
    RunConfig config = common.load();
    Storage storage = Storage.at(config.root(), SparkSessions.hadoop(config.spark()));
    storage.requireWritable();
    RootVersion.record(storage, Clock.systemUTC());
    StageResult result =
        Promote.rollback(storage, config.task(), Optional.ofNullable(version), Clock.systemUTC());
    Terminal.console().line(result.summary());
    return ExitCodes.DONE;
  }
}
