package io.attune.jobs;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.root.RootVersion;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.promote.Promote;
import io.attune.pipeline.storage.RunLock;
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
    footer = {
      "",
      "The model's files are verified first; the change is kept in the history. Ends with exit code"
          + " 7 while another process works on the task.",
    })
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
    Terminal.console().line(rollBack(storage, config.task(), Clock.systemUTC()).summary());
    return ExitCodes.DONE;
  }

  /** Moves the pointer while no night of the task can move it too. */
  private StageResult rollBack(Storage storage, String task, Clock clock) {
    try (RunLock lock = RunLock.acquire(storage, task, "rollback", clock)) {
      return Promote.rollback(storage, task, Optional.ofNullable(version), clock);
    }
  }
}
