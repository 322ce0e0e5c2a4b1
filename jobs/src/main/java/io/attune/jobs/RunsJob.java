package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightState;
import io.attune.jobs.night.SparkSessions;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "runs", description = "Lists the runs below a root: state, time, verdict.")
final class RunsJob implements Callable<Integer> {
  @Mixin RootOptions options;

  @Option(names = "--json", description = "One JSON object a line, for machines.")
  boolean json;

  @Override
  public Integer call() {
    Storage storage = Storage.at(options.root(), SparkSessions.hadoop(Map.of()));
    Console console = Terminal.console();
    List<String> tasks = storage.list("runs");
    if (tasks.isEmpty() && !json) {
      console.line("No run below " + storage.root() + " yet; begin one with: attune nightly");
    }
    for (String task : tasks) {
      String current = CurrentModel.of(storage, task).version().orElse("");
      for (NightState state : NightState.all(storage, task)) {
        console.line(json ? Json.line(state) : line(state, current));
      }
    }
    return ExitCodes.DONE;
  }

  private static String line(NightState state, String current) {
    double seconds = state.stages().stream().mapToDouble(NightState.DoneStage::seconds).sum();
    return String.format(
        Locale.ROOT,
        "%-20s %-14s %-22s %8.1f s  %s%s",
        state.task(),
        state.run(),
        state.isFinished() ? "finished" : "stopped before " + next(state),
        seconds,
        summaryOf(state, Stage.COMPARE),
        state.run().equals(current) ? "  ← current model" : "");
  }

  private static String next(NightState state) {
    for (Stage stage : Stage.values()) {
      if (!state.isDone(stage)) {
        return stage.word();
      }
    }
    return "its end";
  }

  private static String summaryOf(NightState state, Stage stage) {
    return state.stages().stream()
        .filter(done -> done.stage().equals(stage.word()))
        .map(NightState.DoneStage::summary)
        .findFirst()
        .orElse("");
  }
}
