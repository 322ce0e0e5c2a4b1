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
    name = "anchor",
    description = {
      "Pins the model that each new one is held against, besides the current one.",
      "",
      "Without a pinned one it is the first model that went into use. No model is promoted that is"
          + " gate.anchor-margin margins or more below it, so that many small losses do not add"
          + " up.",
    },
    footer = {
      "",
      "The model's files are verified first; the change is kept in the history. Ends with exit code"
          + " 7 while another process works on the task.",
    })
final class AnchorJob implements Callable<Integer> {
  @Mixin CommonOptions common;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Such as 2026-01-02.1 (default: the current one).")
  String model;

  @Override
  public Integer call() {
    RunConfig config = common.load();
    Storage storage = Storage.at(config.root(), SparkSessions.hadoop(config.spark()));
    storage.requireWritable();
    RootVersion.record(storage, Clock.systemUTC());
    Terminal.console().line(pin(storage, config.task(), Clock.systemUTC()).summary());
    return ExitCodes.DONE;
  }

  /** Pins the model while no night of the task compares with another. */
  private StageResult pin(Storage storage, String task, Clock clock) {
    try (RunLock lock = RunLock.acquire(storage, task, "anchor", clock)) {
      return Promote.pinAnchor(storage, task, Optional.ofNullable(model), clock);
    }
  }
}
