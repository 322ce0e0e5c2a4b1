package io.attune.jobs;

import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightState;
import io.attune.jobs.night.NightState.DoneStage;
import io.attune.jobs.spark.Cost;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "runs",
    description = {
      "Lists the runs below a root: state, time, cost, verdict.",
      "",
      "Cost is what the executors held: cores times seconds, a fraction of them busy with tasks,"
          + " and GPUs times seconds.",
    })
final class RunsJob implements Callable<Integer> {
  @Mixin RootOptions options;

  @Option(
      names = "--stages",
      description = "Show the stages of every run (default: of the latest).")
  boolean stages;

  @Option(names = "--json", description = "Print one JSON object per line.")
  boolean json;

  @Override
  public Integer call() {
    Storage storage = options.open();
    Console console = Terminal.console();
    List<String> tasks = storage.list("runs");
    if (tasks.isEmpty() && !json) {
      console.line("No run below " + storage.root() + " yet; begin one with: attune nightly");
    }
    for (String task : tasks) {
      List<NightState> states = NightState.all(storage, task);
      if (json) {
        states.forEach(state -> console.line(Json.line(state)));
      } else {
        lines(storage, task, states, Clock.systemUTC()).forEach(console::line);
      }
    }
    return ExitCodes.DONE;
  }

  /** Returns the lines of one task's runs. */
  List<String> lines(Storage storage, String task, List<NightState> states, Clock clock) {
    List<String> lines = new ArrayList<>();
    String current = CurrentModel.of(storage, task).version().orElse("");
    Optional<String> holder = RunLock.holder(storage, task, clock);
    for (int i = 0; i < states.size(); i++) {
      NightState state = states.get(i);
      lines.add(line(state, current, holder.isPresent()));
      if (stages || i == states.size() - 1) {
        state.stages().forEach(stage -> lines.add(line(stage)));
        if (state.stopped() != null) {
          lines.add("  stopped: " + state.stopped().message());
        }
      }
    }
    holder.ifPresent(name -> lines.add("Task " + task + " is worked on by " + name));
    return lines;
  }

  private static String line(NightState state, String current, boolean held) {
    String unfinished = held ? "running " : "stopped before ";
    return String.format(
        Locale.ROOT,
        "%-20s %-14s %-22s %s  %s%s",
        state.task(),
        state.run(),
        state.isFinished() ? "finished" : unfinished + next(state),
        cost(state.seconds(), state.cost()),
        summaryOf(state, Stage.COMPARE),
        state.run().equals(current)
            ? "  ← current model"
            : state.toRun().linearVersion().equals(current)
                ? "  ← current model: its linear part alone"
                : "");
  }

  private static String line(DoneStage stage) {
    return "  %-56s %s  %s"
        .formatted(
            stage.stage().word(),
            cost(stage.seconds(), stage.cost() == null ? Cost.NONE : stage.cost()),
            stage.summary());
  }

  private static String cost(double seconds, Cost cost) {
    double busy = cost.coreSeconds() == 0 ? 0 : 100 * cost.busyCoreSeconds() / cost.coreSeconds();
    return String.format(
        Locale.ROOT,
        "%8.1f s %8.1f core-s (%3.0f %% busy) %6.1f GPU-s",
        seconds,
        cost.coreSeconds(),
        busy,
        cost.gpuSeconds());
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
        .filter(done -> done.stage() == stage)
        .map(DoneStage::summary)
        .findFirst()
        .orElse("");
  }
}
