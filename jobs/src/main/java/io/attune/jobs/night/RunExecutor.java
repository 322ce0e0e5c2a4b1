package io.attune.jobs.night;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightPlan.Kind;
import io.attune.jobs.night.NightPlan.PlannedNight;
import io.attune.jobs.night.NightState.DoneStage;
import io.attune.jobs.night.NightState.Stopped;
import io.attune.jobs.night.Nights.Span;
import io.attune.jobs.spark.Cost;
import io.attune.jobs.spark.LogContext;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.score.ScoreWindow;
import io.attune.pipeline.stage.train.Train;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the stages of one run in order, and saves its state after each. */
final class RunExecutor {
  private final RunConfig config;
  private final Storage storage;
  private final Console console;
  private final Clock clock;
  private final StageRunner stages;
  private final NightLog log;

  RunExecutor(NightContext context, StageRunner stages) {
    this.config = context.config();
    this.storage = context.storage();
    this.console = context.console();
    this.clock = context.clock();
    this.log = context.log();
    this.stages = stages;
  }

  /** Runs those stages of the span that are not done. */
  void run(PlannedNight night, Span span) {
    Run run = night.run();
    removeAbandoned(run);
    NightState state =
        NightState.load(storage, run)
            .orElseGet(
                () ->
                    NightState.begin(run, RunConfigs.hash(config), now())
                        .takingOver(night.takesOver())
                        .forcedIf(night.kind() == Kind.FORCED));
    recordConfiguration(night, state);
    state.save(storage);
    log.note(state);
    console.line("Run " + run.id() + " of task " + run.task());
    if (state.takesOver() != null && state.stages().isEmpty()) {
      state = TakenOver.by(state, storage);
      state.save(storage);
    }
    for (Stage stage : Stage.values()) {
      if (state.isDone(stage)) {
        if (span.holds(stage)) {
          boolean other =
              state.takesOver() != null && stage.compareTo(state.takesOver().before()) < 0;
          console.stage(
              stage.word(),
              "·",
              -1,
              other ? "as in run " + state.takesOver().run() : "done before");
        }
      } else if (span.holds(stage)) {
        state = state.after(attempt(stage, night, state));
        state.save(storage);
        log.note(state);
      } else if (stage.compareTo(span.from()) < 0) {
        throw new Failure.BadInput(
            "Run %s cannot resume from %s: its stage %s is not done; run it first, or leave out"
                + " --from",
            run.id(), span.from().word(), stage.word());
      }
    }
    if (state.stages().size() == Stage.values().length && !state.isFinished()) {
      state = state.finished(now());
      state.save(storage);
      log.note(state);
    }
    new VerdictAlert(storage, log).tell(run, span);
    if (span.holds(Stage.MONITOR)) {
      new AdviceNotice(storage, console, log).tell(run);
    }
  }

  /**
   * Scores documents apart from the stages of a run, whose state does not change.
   *
   * @param window empty for what the stage of a night reads
   */
  void score(Run run, Optional<ScoreWindow> window) {
    console.line("Run " + run.id() + " of task " + run.task());
    try (LogContext context = LogContext.of(run, Stage.SCORE)) {
      Instant started = Instant.now(clock);
      StageResult result =
          window.isPresent()
              ? stages.score(run, window.get())
              : stages.run(Stage.SCORE, new PlannedNight(run, List.of()), List.of());
      double seconds = Duration.between(started, Instant.now(clock)).toMillis() / 1000.0;
      console.stage(Stage.SCORE.word(), "✓", seconds, result.summary());
    }
  }

  /**
   * Keeps the configuration beside the state, for what follows when it changes. That of a single
   * stage is not that of the stages before it, and neither is that of the last stages of a run
   * whose model was judged: the next night does what the change asks for.
   */
  private void recordConfiguration(PlannedNight night, NightState state) {
    String file = night.run().folder() + "/config.yaml";
    boolean isOfAll =
        switch (night.kind()) {
          case ALONE -> false;
          case REPORT_AGAIN -> true;
          default -> !state.isDone(Stage.PROMOTE);
        };
    if (isOfAll || !storage.exists(file)) {
      storage.replace(file, RunConfigs.resolved(config).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Removes the unpublished files of a killed process: the lock excludes other writers. */
  private void removeAbandoned(Run run) {
    for (String published :
        List.of(run.tokenizer(), run.dataset(), run.model(), run.report(), run.folder())) {
      Artefacts.of(storage).removeAbandoned(published.substring(0, published.lastIndexOf('/')));
    }
    Artefacts.of(storage).removeAbandoned(run.folder());
    Train.checkpointFolders(storage, run).forEach(Artefacts.of(storage)::removeAbandoned);
  }

  /**
   * Runs one stage; if it fails, saves the reason in the run's state and throws it again. A signal
   * that ends the process is no failure.
   */
  private DoneStage attempt(Stage stage, PlannedNight night, NightState state) {
    Cost before = stages.cost();
    try (LogContext context = LogContext.of(night.run(), stage)) {
      return runStage(stage, night, state, before);
    } catch (Exception e) { // Scala throws undeclared checked exceptions
      if (Shutdown.isUnderWay()) {
        throw e; // as if the process had been killed: the next one resumes
      }
      Optional<Failure> failure = Failure.in(e).or(() -> Storage.diagnosisOf(e));
      NightState stopped =
          state.stopped(
              new Stopped(
                  stage,
                  now(),
                  failure.map(Failure::exitCode).orElse(1),
                  failure.map(Failure::getMessage).orElseGet(() -> Failure.describe(e)),
                  state.costBefore(stage).plus(stages.cost().minus(before))));
      log.note(stopped);
      try {
        stopped.save(storage);
      } catch (Failure.Busy lost) {
        lost.addSuppressed(e); // the new holder of the lock removed what this process was writing
        throw lost;
      } catch (RuntimeException unsaved) {
        e.addSuppressed(unsaved); // the root itself may be unavailable
      }
      if (Failure.in(e).isEmpty() && failure.isPresent()) {
        throw failure.get(); // its cause is e
      }
      throw e;
    }
  }

  private DoneStage runStage(Stage stage, PlannedNight night, NightState state, Cost before) {
    Instant started = Instant.now(clock);
    StageResult result;
    String mark = "✓";
    try {
      result = stages.run(stage, night, state.stages());
    } catch (Failure.AlreadyPublished e) {
      // Published, but the process ended before the state was saved.
      result = new StageResult("", "published before", Map.of());
      mark = "·";
    }
    double seconds = Duration.between(started, Instant.now(clock)).toMillis() / 1000.0;
    console.stage(stage.word(), mark, seconds, result.summary());
    return new DoneStage(
        stage,
        started.truncatedTo(ChronoUnit.SECONDS).toString(),
        seconds,
        result.artefact(),
        result.summary(),
        result.counts(),
        state.costBefore(stage).plus(stages.cost().minus(before)),
        log.takeWarnings(stage));
  }

  private String now() {
    return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
