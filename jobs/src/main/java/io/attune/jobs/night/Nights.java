package io.attune.jobs.night;

import io.attune.jobs.config.RunConfig;
import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.jobs.night.NightPlan.PlannedNight;
import io.attune.jobs.night.NightState.DoneStage;
import io.attune.jobs.night.NightState.Stopped;
import io.attune.jobs.spark.Cost;
import io.attune.jobs.spark.Engine;
import io.attune.jobs.spark.SparkSessions;
import io.attune.pipeline.Stage;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.stage.ingest.InputFile;
import io.attune.pipeline.stage.ingest.Inputs;
import io.attune.pipeline.stage.promote.Promote;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.VerdictRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
  private final StageRunner stages;
  private final NightLog log;

  /** Opens a task; Spark is started when the first stage needs it. */
  public Nights(RunConfig config, Configuration hadoop, Console console, Clock clock) {
    this(config, hadoop, console, clock, new NightLog());
  }

  /** As above, with what happens written to {@code log}. */
  public Nights(
      RunConfig config, Configuration hadoop, Console console, Clock clock, NightLog log) {
    Engine.requireFit();
    String master = SparkSessions.settings(config.spark()).get("spark.master");
    Engine.requireShared(config.root(), master);
    Engine.requireTokens(config.root(), master, UserGroupInformation.isSecurityEnabled());
    this.config = config;
    this.log = log;
    this.hadoop = hadoop;
    this.console = console;
    this.clock = clock;
    this.storage = Storage.at(config.root(), hadoop);
    this.stages = new StageRunner(config, storage, console, clock, log);
  }

  /**
   * Which stages of a night to run.
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
   * @param anew whether to run a night even if nothing is new
   * @return the runs that were worked on; empty if nothing was due
   */
  public List<Run> runDue(LocalDate until, Span span, boolean anew) {
    requirePlace();
    try (RunLock lock = RunLock.acquire(storage, config.task(), "until " + until, clock)) {
      withdrawOutdated();
      List<NightState> known = NightState.all(storage, config.task());
      NightPlan plan = NightPlan.of(config.task(), known, pending(), until);
      List<PlannedNight> nights = plan.nights();
      if (nights.isEmpty() && anew) {
        nights = List.of(new PlannedNight(NightPlan.next(config.task(), known, until), List.of()));
      }
      for (PlannedNight night : nights) {
        runOne(night, span);
      }
      return nights.stream().map(PlannedNight::run).toList();
    }
  }

  /**
   * Runs one stage of one run.
   *
   * @param run its id; null for the latest, or for {@code ingest} the next that is due
   * @throws Failure.AlreadyPublished if it is done
   * @throws Failure.ModelRefused if it is {@code promote}, and the verdict is to keep
   */
  public void runAlone(Stage stage, String run, LocalDate until) {
    requirePlace();
    try (RunLock lock = RunLock.acquire(storage, config.task(), stage.word(), clock)) {
      PlannedNight night = find(stage, run, until);
      boolean done =
          NightState.load(storage, night.run()).map(state -> state.isDone(stage)).orElse(false);
      if (done) {
        throw new Failure.AlreadyPublished(
            "Stage %s of run %s is done already; nothing was done. A new night begins when there"
                + " are new files, or with: attune nightly --anew",
            stage.word(), night.run().id());
      }
      if (stage == Stage.PROMOTE) {
        Promote.requirePromotable(storage, night.run());
      }
      runOne(night, new Span(stage, stage));
    }
  }

  /** What would fail in an hour fails now: the root, and who else writes there. */
  private void requirePlace() {
    storage.requireWritable();
    RootVersion.claim(storage, clock);
  }

  public Storage storage() {
    return storage;
  }

  /** Stops Spark, if it was started. */
  @Override
  public void close() {
    stages.close();
  }

  private List<InputFile> pending() {
    return Inputs.pending(config.ingestConfig(), storage, config.task(), hadoop);
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

  private void runOne(PlannedNight night, Span span) {
    Run run = night.run();
    sweep(run);
    NightState state =
        NightState.load(storage, run)
            .orElseGet(() -> NightState.begin(run, RunConfigs.hash(config), now()));
    storage.replace(
        run.folder() + "/config.yaml",
        RunConfigs.resolved(config).getBytes(StandardCharsets.UTF_8));
    state.save(storage);
    log.note(state);
    console.line("Run " + run.id() + " of task " + run.task());
    for (Stage stage : Stage.values()) {
      if (state.isDone(stage)) {
        if (span.holds(stage)) {
          console.stage(stage.word(), "·", -1, "done before");
        }
      } else if (span.holds(stage)) {
        state = state.after(attempt(stage, night, state));
        state.save(storage);
        log.note(state);
      } else if (stage.compareTo(span.from()) < 0) {
        throw new Failure.BadInput(
            "Run %s cannot go on from %s: its stage %s is not done; run it first, or leave out"
                + " --from",
            run.id(), span.from().word(), stage.word());
      }
    }
    if (state.stages().size() == Stage.values().length && !state.isFinished()) {
      state = state.finished(now());
      state.save(storage);
      log.note(state);
    }
    alertIfKept(run, span);
  }

  /** Removes what a process that was killed had not yet published: nobody else may publish. */
  private void sweep(Run run) {
    for (String published :
        List.of(run.tokenizer(), run.dataset(), run.model(), run.report(), run.folder())) {
      Artefacts.of(storage).removeAbandoned(published.substring(0, published.lastIndexOf('/')));
    }
    Artefacts.of(storage).removeAbandoned(run.folder());
    Artefacts.of(storage).removeAbandoned(run.folder() + "/checkpoints");
  }

  private void alertIfKept(Run run, Span span) {
    Artefacts artefacts = Artefacts.of(storage);
    if (span.holds(Stage.COMPARE) && artefacts.isPublished(run.verdict())) {
      VerdictRecord verdict =
          artefacts.open(run.verdict()).json(VerdictRecord.FILE_NAME, VerdictRecord.class);
      if (!verdict.promotes()) {
        log.alert("The current model was kept: " + verdict.reasons().get(0));
      }
    }
  }

  /** Runs one stage; where it fails, the run's state says why, and the failure goes on. */
  private DoneStage attempt(Stage stage, PlannedNight night, NightState state) {
    Cost before = stages.cost();
    try (LogContext context = LogContext.of(night.run(), stage)) {
      return runStage(stage, night, state, before);
    } catch (Exception e) { // Spark's own are checked, and Scala throws them undeclared
      Optional<Failure> failure = Failure.in(e).or(() -> Storage.diagnosisOf(e));
      NightState stopped =
          state.stopped(
              new Stopped(
                  stage.word(),
                  now(),
                  failure.map(Failure::exitCode).orElse(1),
                  failure.map(Failure::getMessage).orElse(e.toString()),
                  state.costBefore(stage).plus(stages.cost().minus(before))));
      log.note(stopped);
      try {
        stopped.save(storage);
      } catch (Failure.Busy lost) {
        lost.addSuppressed(e); // whoever has the lock now removed what this process was writing
        throw lost;
      } catch (RuntimeException unsaved) {
        e.addSuppressed(unsaved); // the place itself is what failed
      }
      if (Failure.in(e).isEmpty() && failure.isPresent()) {
        throw failure.get(); // with e behind it
      }
      throw e;
    }
  }

  private DoneStage runStage(Stage stage, PlannedNight night, NightState state, Cost before) {
    Instant started = Instant.now(clock);
    StageResult result;
    String mark = "✓";
    try {
      result = stages.run(stage, night.run(), night.files(), state.stages());
    } catch (Failure.AlreadyPublished e) {
      // Published, and then cut off before it was written down here.
      result = new StageResult("", "published before", Map.of());
      mark = "·";
    }
    double seconds = Duration.between(started, Instant.now(clock)).toMillis() / 1000.0;
    console.stage(stage.word(), mark, seconds, result.summary());
    return new DoneStage(
        stage.word(),
        started.truncatedTo(ChronoUnit.SECONDS).toString(),
        seconds,
        result.artefact(),
        result.summary(),
        result.counts(),
        state.costBefore(stage).plus(stages.cost().minus(before)));
  }

  /**
   * A run that was begun with another configuration is not gone on with: what it did is taken back.
   */
  private void withdrawOutdated() {
    Optional<NightState> open =
        NightState.all(storage, config.task()).stream()
            .filter(state -> !state.isFinished() && !state.isDone(Stage.PROMOTE))
            .filter(state -> !state.configuration().equals(RunConfigs.hash(config)))
            .findFirst();
    open.ifPresent(
        state -> {
          console.line(
              "Run %s was begun with another configuration and is withdrawn"
                  .formatted(state.run()));
          stages.withdraw(state.toRun());
        });
  }

  private String now() {
    return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
