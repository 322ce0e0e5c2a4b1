package io.attune.jobs.night;

import io.attune.jobs.config.ConfigChanges;
import io.attune.jobs.config.NightConfig;
import io.attune.jobs.config.RunConfig;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightPlan.PlannedNight;
import io.attune.jobs.night.Reconfiguration.Due;
import io.attune.jobs.root.RootVersion;
import io.attune.jobs.root.UnfilledHeads;
import io.attune.jobs.spark.SparkRuntime;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Stage;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.stage.ingest.Inputs;
import io.attune.pipeline.stage.promote.Promote;
import io.attune.pipeline.stage.score.ScoreWindow;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;

/** Runs the nights of one task, and single stages of them. */
public final class Nights implements AutoCloseable {
  private final RunConfig config;
  private final Storage storage;
  private final Configuration hadoop;
  private final Console console;
  private final Clock clock;
  private final NightLog log;
  private final StageRunner stages;
  private final RunExecutor runner;
  private final Reconfiguration reconfiguration;

  /** Opens a task; Spark is started when the first stage needs it. */
  public Nights(RunConfig config, Configuration hadoop, Console console, Clock clock) {
    this(NightConfig.of(config), hadoop, console, clock, new NightLog());
  }

  /** Opens a task; states and alerts are also written to {@code log}. */
  public Nights(
      NightConfig configs, Configuration hadoop, Console console, Clock clock, NightLog log) {
    SparkRuntime.requireFit();
    RunConfig config = configs.config();
    String master = SparkSessions.settings(config.spark()).get("spark.master");
    SparkRuntime.requireShared(config.root(), master);
    SparkRuntime.requireTokens(config.root(), master, UserGroupInformation.isSecurityEnabled());
    this.config = config;
    this.hadoop = hadoop;
    this.console = console;
    this.clock = clock;
    this.log = log;
    this.storage = Storage.at(config.root(), hadoop);
    NightContext context = new NightContext(configs, storage, console, clock, log);
    this.stages = new StageRunner(context);
    this.runner = new RunExecutor(context, stages);
    this.reconfiguration = new Reconfiguration(context, hadoop);
  }

  /**
   * Selects the stages of a night to run.
   *
   * @param from the first; those before it must be done
   * @param until the last
   */
  public record Span(Stage from, Stage until) {
    public static final Span ALL = new Span(Stage.INGEST, Stage.REPORT);

    public Span {
      if (from.compareTo(until) > 0) {
        throw new Failure.BadUsage(
            "--from %s comes after --until %s; the order is %s",
            from.word(), until.word(), List.of(Stage.values()).stream().map(Stage::word).toList());
      }
    }

    boolean holds(Stage stage) {
      return stage.compareTo(from) >= 0 && stage.compareTo(until) <= 0;
    }
  }

  /**
   * Runs every night that is due up to a date, each from where it stopped.
   *
   * @return the runs that were worked on; empty if nothing was due
   */
  public List<Run> runDue(LocalDate until, Span span) {
    return run(until, span, false);
  }

  /** Runs what is due; if nothing is, runs a night of the date without new files. */
  public List<Run> runForced(LocalDate until, Span span) {
    return run(until, span, true);
  }

  private List<Run> run(LocalDate until, Span span, boolean force) {
    requireRoot();
    UnfilledHeads.requireNone(config, storage);
    try (RunLock lock = RunLock.acquire(storage, config.task(), "until " + until, clock)) {
      withdrawOutdated();
      List<NightState> known = NightState.all(storage, config.task());
      Inputs inputs = inputs();
      NightPlan plan = NightPlan.of(config.task(), known, inputs.files(), until);
      Optional<Due> due = changed(known, span);
      boolean isExperiment =
          force && plan.nights().isEmpty() && due.filter(Due::readsAgain).isEmpty();
      if (due.isPresent() && due.get().isForReport() && plan.nights().isEmpty() && !force) {
        return List.of(writeReportAgain(due.get().since()));
      }
      if (due.isPresent() && !due.get().isForReport()) {
        plan = plan.after(due.get().toChange(), known, this::allFiles, until);
      }
      List<PlannedNight> nights = span.equals(Span.ALL) ? plan.nights() : plan.ofParts().nights();
      noteWarnings(inputs, nights);
      if (nights.isEmpty() && force) {
        Run next = NightPlan.next(config.task(), known, until);
        nights = List.of(new PlannedNight(next, List.of()));
      }
      if (isExperiment) {
        nights = nights.stream().map(PlannedNight::forced).toList();
      }
      for (PlannedNight night : nights) {
        runner.run(night, span);
      }
      return nights.stream().map(PlannedNight::run).toList();
    }
  }

  /** Returns what the configuration asks for, and says so; a run that is open does it by itself. */
  private Optional<Due> changed(List<NightState> known, Span span) {
    boolean isUnderWay =
        known.stream().anyMatch(state -> !state.isFinished() && state.isDone(Stage.INGEST));
    return isUnderWay
        ? Optional.empty()
        : reconfiguration.due(known).filter(due -> reconfiguration.announce(due, span));
  }

  private List<InputFile> allFiles() {
    Inputs all = Inputs.all(config.ingestConfig(), storage, config.task(), hadoop);
    all.warnings().forEach(warning -> log.warn(Stage.INGEST, warning));
    return all.files();
  }

  private Run writeReportAgain(NightState state) {
    Run run = state.toRun();
    stages.withdrawFrom(Stage.REPORT, run);
    state.before(Stage.REPORT).save(storage);
    runner.run(
        new PlannedNight(run, List.of(), NightPlan.Kind.REPORT_AGAIN, null),
        new Span(Stage.REPORT, Stage.REPORT));
    return run;
  }

  /**
   * Runs one stage of one run.
   *
   * @param run its id; null for the latest, or for {@code ingest} the next that is due
   * @throws Failure.AlreadyPublished if it is done
   * @throws Failure.ModelRefused if it is {@code promote}, and the verdict is to keep
   */
  public void runAlone(Stage stage, String run, LocalDate until) {
    requireRoot();
    if (stage == Stage.INGEST) {
      UnfilledHeads.requireNone(config, storage);
    }
    try (RunLock lock = RunLock.acquire(storage, config.task(), stage.word(), clock)) {
      PlannedNight night = find(stage, run, until).alone();
      boolean done =
          NightState.load(storage, night.run()).map(state -> state.isDone(stage)).orElse(false);
      if (done) {
        throw new Failure.AlreadyPublished(
            "Stage %s of run %s is done already; nothing was done. A new night begins when there"
                + " are new files, or with: attune nightly --force",
            stage.word(), night.run().id());
      }
      if (stage == Stage.PROMOTE) {
        Promote.requirePromotable(storage, night.run());
      }
      runner.run(night, new Span(stage, stage));
    }
  }

  /**
   * Scores with the current model what it has not read: as the stage of a run whose turn it is, or
   * apart from its stages.
   *
   * @param run whose rows they become; null for the latest
   * @param window empty for what the stage of a night reads
   */
  public void score(String run, Optional<ScoreWindow> window, LocalDate until) {
    requireRoot();
    try (RunLock lock = RunLock.acquire(storage, config.task(), Stage.SCORE.word(), clock)) {
      PlannedNight night = find(Stage.SCORE, run, until);
      Optional<NightState> state = NightState.load(storage, night.run());
      boolean isNext =
          state.isPresent()
              && state.get().isDone(Stage.PROMOTE)
              && !state.get().isDone(Stage.SCORE)
              && !state.get().isFinished();
      if (window.isEmpty() && isNext) {
        runner.run(night, new Span(Stage.SCORE, Stage.SCORE));
      } else {
        runner.score(night.run(), window);
      }
    }
  }

  /** Fails at once if the root is not usable, or belongs to a newer version. */
  private void requireRoot() {
    storage.requireWritable();
    RootVersion.record(storage, clock);
  }

  public Storage storage() {
    return storage;
  }

  /** Stops Spark, if it was started. */
  @Override
  public void close() {
    stages.close();
  }

  private Inputs inputs() {
    Inputs inputs = Inputs.pending(config.ingestConfig(), storage, config.task(), hadoop);
    inputs.warnings().forEach(warning -> console.line("Warning: " + warning));
    return inputs;
  }

  private List<InputFile> pending() {
    Inputs inputs = inputs();
    inputs.warnings().forEach(warning -> log.warn(Stage.INGEST, warning));
    return inputs.files();
  }

  /**
   * Keeps the warnings for the record of the first night that ingests. If none does, only a corpus
   * that is gone is an alert: the others would be the same night after night.
   */
  private void noteWarnings(Inputs inputs, List<PlannedNight> nights) {
    boolean ingests = nights.stream().anyMatch(night -> !night.files().isEmpty());
    (ingests ? inputs.warnings() : inputs.missing())
        .forEach(
            warning -> {
              if (ingests) {
                log.warn(Stage.INGEST, warning);
              } else {
                log.alert(warning);
              }
            });
  }

  private PlannedNight find(Stage stage, String id, LocalDate until) {
    List<NightState> known = NightState.all(storage, config.task());
    if (id != null) {
      Run run = Run.parse(config.task(), id);
      boolean begun = NightState.load(storage, run).isPresent();
      if (!begun) {
        throw new Failure.BadUsage(
            "There is no run '%s' of task '%s'; there are %s",
            id, config.task(), known.stream().map(NightState::run).toList());
      }
      return new PlannedNight(run, stage == Stage.INGEST ? pending() : List.of());
    }
    if (stage == Stage.INGEST) {
      return NightPlan.of(config.task(), known, pending(), until).nights().stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new Failure.AlreadyPublished(
                      "No corpus of task '%s' has a new file; nothing was done", config.task()));
    }
    return known.stream()
        .map(state -> new PlannedNight(state.toRun(), List.of()))
        .reduce((a, b) -> b)
        .orElseThrow(
            () ->
                new Failure.BadInput(
                    "Task '%s' has no run below '%s' yet; begin one with: attune ingest",
                    config.task(), storage.root()));
  }

  /**
   * Withdraws runs that were begun with another configuration, or another content of the tokenizer
   * that they name, since they must not be resumed; only their last stages, where the others do not
   * read what has changed.
   */
  private void withdrawOutdated() {
    NightState.all(storage, config.task()).stream()
        .filter(state -> !state.isFinished() && !state.isDone(Stage.PROMOTE))
        .forEach(this::withdrawIfOutdated);
  }

  private void withdrawIfOutdated(NightState state) {
    ConfigChanges changes = reconfiguration.since(state);
    if (changes.isEmpty()) {
      return;
    }
    Stage first = changes.first().orElseThrow();
    if (changes.areAfter(Stage.TRAIN)) {
      console.line(
          "Run %s was begun with another configuration (%s): its stages from %s on run with this one"
              .formatted(state.run(), changes.sentence(), first.word()));
      stages.withdrawFrom(first, state.toRun());
      state.before(first).save(storage);
    } else {
      console.line(
          "Run %s was begun with another configuration and is withdrawn: %s"
              .formatted(state.run(), changes.sentence()));
      stages.withdraw(state.toRun());
    }
  }
}
