package io.attune.jobs.night;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.hooks.Hooks;
import io.attune.jobs.hooks.NightEvent;
import io.attune.jobs.hooks.NightEvent.RunSummary;
import io.attune.jobs.hooks.NightEvent.StageSummary;
import io.attune.jobs.spark.Cost;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Stage;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.storage.RootProbe;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.NightReport;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/** Notifies the hooks of a task of the end of its nights. */
public final class Notifier {
  private static final int BUG = 1;

  private final RunConfig config;
  private final Hooks hooks;
  private final Console console;
  private final Clock clock;

  /** Creates the notifier of one task; a hook that fails is a line on the console. */
  public Notifier(RunConfig config, Console console, Map<String, String> env, Clock clock) {
    this.config = config;
    this.hooks = new Hooks(config.hooks(), env, warning -> console.line("  ! " + warning));
    this.console = console;
    this.clock = clock;
  }

  /**
   * Does the work, and notifies the hooks of its success or failure, of its alerts, and of the
   * surges of negative news that it has found, those of earlier nights that wait included. If
   * another process has the task, no hook runs: that process notifies them itself. Nor does one if
   * a signal ends the process: whoever sent it knows.
   *
   * @param work receives the log to write to
   */
  public <T> T runAndNotify(Function<NightLog, T> work) {
    NightLog log = new NightLog();
    T result;
    try {
      result = work.apply(log);
    } catch (Failure.Busy e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (Shutdown.isUnderWay()) {
        throw e;
      }
      Optional<Failure> failure = Failure.in(e);
      hooks.send(
          event(
              NightEvent.FAILURE,
              Failure.describe(e),
              failure.map(Failure::exitCode).orElse(BUG),
              log));
      if (!log.runs().isEmpty()) { // else nothing was found, and perhaps the root does not answer
        orWait(
            () -> {
              RootProbe.of(storage(), hadoop()).requireReachable(); // it may have been lost since
              tellOfSurges(log);
            });
      }
      throw e;
    }
    hooks.send(event(NightEvent.SUCCESS, summary(log), 0, log));
    if (!log.alerts().isEmpty()) {
      hooks.send(event(NightEvent.ALERT, String.join("; ", log.alerts()), 0, log));
    }
    orWait(() -> tellOfSurges(log));
    return result;
  }

  /** Holds the lock of the task, or another process would tell of the same ones meanwhile. */
  private void tellOfSurges(NightLog log) {
    Storage storage = storage();
    Outbox outbox = Outbox.of(storage, config.task());
    if (outbox.entries().isEmpty()) {
      return;
    }
    try (RunLock lock = RunLock.acquire(storage, config.task(), "telling of alerts", clock)) {
      new SurgeDelivery(hooks, warning -> console.line("  ! " + warning), SurgeDelivery::sleep)
          .deliver(outbox, event(NightEvent.ALERT, summary(log), 0, log));
    }
  }

  /** Tells of surges; if they cannot be told of, they wait, and the night does not change. */
  private void orWait(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      console.line("  ! alerts on surges wait for the next night: " + Failure.describe(e));
    }
  }

  private Storage storage() {
    return Storage.at(config.root(), hadoop());
  }

  private Configuration hadoop() {
    return SparkSessions.hadoop(config.spark());
  }

  private NightEvent event(String kind, String what, int exitCode, NightLog log) {
    return new NightEvent(
        kind,
        "Attune, task %s: %s: %s".formatted(config.task(), kind, what),
        config.task(),
        config.root(),
        exitCode,
        kind.equals(NightEvent.ALERT) ? log.alerts() : List.of(),
        log.runs().stream().map(this::summary).toList(),
        Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String summary(NightLog log) {
    List<String> ids = log.runs().stream().map(NightState::run).toList();
    return ids.isEmpty() ? "nothing new, nothing done" : "done with " + String.join(", ", ids);
  }

  private RunSummary summary(NightState state) {
    Cost cost = state.cost();
    String page = state.toRun().report() + "/" + NightReport.PAGE;
    return new RunSummary(
        state.run(),
        state.isFinished() ? "finished" : "stopped",
        state.stopped() == null ? null : state.stopped().stage().word(),
        state.seconds(),
        cost.coreSeconds(),
        cost.gpuSeconds(),
        state.isDone(Stage.REPORT) ? config.root() + "/" + page : null,
        state.stages().stream()
            .map(done -> new StageSummary(done.stage().word(), done.seconds(), done.summary()))
            .toList());
  }
}
