package io.attune.jobs.night;

import io.attune.jobs.spark.Cost;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds the stages of a run that are done: {@code state.json}.
 *
 * @param configuration SHA-256 of the resolved configuration that the run was begun with
 * @param startedAt ISO 8601, UTC
 * @param finishedAt when the last stage was done; null until then
 * @param stages that are done, in order
 * @param stopped why the run stopped; null if it did not, or if its process was killed
 * @param takesOver what the run does not make itself; null if it makes everything
 * @param forced whether it was asked for by {@code --force} alone; null for no
 */
public record NightState(
    String task,
    String run,
    String configuration,
    String startedAt,
    String finishedAt,
    List<DoneStage> stages,
    Stopped stopped,
    TakeOver takesOver,
    Boolean forced) {
  static final String FILE_NAME = "state.json";

  public NightState {
    stages = List.copyOf(stages);
  }

  /**
   * Holds one stage that is done: its start, duration and summary.
   *
   * @param cost of all its attempts but those that were killed; null in runs before it was counted
   * @param warnings what an operator should look into; null if there is nothing
   */
  public record DoneStage(
      Stage stage,
      String startedAt,
      double seconds,
      String artefact,
      String summary,
      Map<String, Long> counts,
      Cost cost,
      List<String> warnings) {
    public DoneStage {
      warnings = warnings == null || warnings.isEmpty() ? null : List.copyOf(warnings);
      counts = Map.copyOf(counts);
    }
  }

  /**
   * Holds the stage at which a run stopped, and the reason.
   *
   * @param at ISO 8601, UTC
   * @param message shown to its operator
   * @param cost of the stage so far
   */
  public record Stopped(Stage stage, String at, int exitCode, String message, Cost cost) {}

  /**
   * Names the run whose artefacts a run uses, since no key that they depend on has changed.
   *
   * @param run its id
   * @param before the first stage that the run makes itself
   */
  public record TakeOver(String run, Stage before) {}

  static NightState begin(Run run, String configuration, String startedAt) {
    return new NightState(
        run.task(), run.id(), configuration, startedAt, null, List.of(), null, null, null);
  }

  NightState takingOver(TakeOver from) {
    return new NightState(
        task, run, configuration, startedAt, finishedAt, stages, stopped, from, forced);
  }

  NightState forcedIf(boolean isForced) {
    Boolean is = isForced ? Boolean.TRUE : null;
    return new NightState(
        task, run, configuration, startedAt, finishedAt, stages, stopped, takesOver, is);
  }

  public boolean isForced() {
    return forced != null && forced;
  }

  /** Returns the state in which a stage and those after it are to be done again. */
  NightState before(Stage stage) {
    return with(
        null, stages.stream().filter(done -> done.stage().compareTo(stage) < 0).toList(), null);
  }

  private NightState with(String finished, List<DoneStage> done, Stopped reason) {
    return new NightState(
        task, run, configuration, startedAt, finished, done, reason, takesOver, forced);
  }

  public boolean isFinished() {
    return finishedAt != null;
  }

  public boolean isDone(Stage stage) {
    return stages.stream().anyMatch(done -> done.stage() == stage);
  }

  /** Returns the seconds of all stages that are done. */
  public double seconds() {
    return stages.stream().mapToDouble(DoneStage::seconds).sum();
  }

  /** Returns the cost of all stages, including the one that it stopped at. */
  public Cost cost() {
    Cost done =
        stages.stream().map(DoneStage::cost).filter(Objects::nonNull).reduce(Cost.NONE, Cost::plus);
    return stopped == null || stopped.cost() == null ? done : done.plus(stopped.cost());
  }

  NightState after(DoneStage done) {
    List<DoneStage> all = new ArrayList<>(stages);
    all.add(done);
    return with(finishedAt, all, null);
  }

  /** Returns the state with the stages of another run that it takes over. */
  NightState with(List<DoneStage> others) {
    return with(
        finishedAt,
        others.stream()
            .filter(done -> done.stage().compareTo(takesOver.before()) < 0)
            .map(
                done ->
                    new DoneStage(
                        done.stage(),
                        done.startedAt(),
                        0,
                        done.artefact(),
                        "as in run %s".formatted(takesOver.run()),
                        done.counts(),
                        Cost.NONE,
                        null))
            .toList(),
        null);
  }

  NightState finished(String at) {
    return with(at, stages, null);
  }

  NightState stopped(Stopped reason) {
    return with(finishedAt, stages, reason);
  }

  /** Returns the cost of the attempts of a stage that stopped. */
  Cost costBefore(Stage stage) {
    boolean sameStage = stopped != null && stopped.stage() == stage;
    return sameStage && stopped.cost() != null ? stopped.cost() : Cost.NONE;
  }

  void save(Storage storage) {
    storage.replace(Run.parse(task, run).folder() + "/" + FILE_NAME, Json.pretty(this));
  }

  /** Loads the state of one run; empty if it never began. */
  public static Optional<NightState> load(Storage storage, Run run) {
    String file = run.folder() + "/" + FILE_NAME;
    return storage.exists(file)
        ? Optional.of(storage.readJson(file, NightState.class))
        : Optional.empty();
  }

  /** Loads the states of all runs of a task, in order. */
  public static List<NightState> all(Storage storage, String task) {
    return storage.list("runs/" + task).stream()
        .map(id -> Run.parse(task, id))
        .sorted()
        .flatMap(run -> load(storage, run).stream())
        .toList();
  }

  public Run toRun() {
    return Run.parse(task, run);
  }
}
