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
 * {@code state.json} of a run: what is done.
 *
 * @param configuration SHA-256 of the resolved configuration that the run was begun with
 * @param startedAt ISO 8601, UTC
 * @param finishedAt when the last stage was done; null until then
 * @param stages that are done, in order
 * @param stopped why the run did not go on; null where it did, and where its process was killed
 */
public record NightState(
    String task,
    String run,
    String configuration,
    String startedAt,
    String finishedAt,
    List<DoneStage> stages,
    Stopped stopped) {
  static final String FILE_NAME = "state.json";

  public NightState {
    stages = List.copyOf(stages);
  }

  /**
   * One stage that is done: when, how long it took, and what it said.
   *
   * @param cost of all its attempts but those that were killed; null in runs before it was counted
   */
  public record DoneStage(
      Stage stage,
      String startedAt,
      double seconds,
      String artefact,
      String summary,
      Map<String, Long> counts,
      Cost cost) {
    public DoneStage {
      counts = Map.copyOf(counts);
    }
  }

  /**
   * Where and why a run stopped.
   *
   * @param at ISO 8601, UTC
   * @param message what its operator was told
   * @param cost of the stage so far
   */
  public record Stopped(Stage stage, String at, int exitCode, String message, Cost cost) {}

  static NightState begin(Run run, String configuration, String startedAt) {
    return new NightState(run.task(), run.id(), configuration, startedAt, null, List.of(), null);
  }

  public boolean isFinished() {
    return finishedAt != null;
  }

  public boolean isDone(Stage stage) {
    return stages.stream().anyMatch(done -> done.stage() == stage);
  }

  /** Of all its stages that are done. */
  public double seconds() {
    return stages.stream().mapToDouble(DoneStage::seconds).sum();
  }

  /** Of all its stages, the one that it stopped at included. */
  public Cost cost() {
    Cost done =
        stages.stream().map(DoneStage::cost).filter(Objects::nonNull).reduce(Cost.NONE, Cost::plus);
    return stopped == null || stopped.cost() == null ? done : done.plus(stopped.cost());
  }

  NightState after(DoneStage done) {
    List<DoneStage> all = new ArrayList<>(stages);
    all.add(done);
    return new NightState(task, run, configuration, startedAt, finishedAt, all, null);
  }

  NightState finished(String at) {
    return new NightState(task, run, configuration, startedAt, at, stages, null);
  }

  NightState stopped(Stopped reason) {
    return new NightState(task, run, configuration, startedAt, finishedAt, stages, reason);
  }

  /** What a stage has cost in attempts that stopped. */
  Cost costBefore(Stage stage) {
    boolean sameStage = stopped != null && stopped.stage() == stage;
    return sameStage && stopped.cost() != null ? stopped.cost() : Cost.NONE;
  }

  void save(Storage storage) {
    storage.replace(Run.parse(task, run).folder() + "/" + FILE_NAME, Json.pretty(this));
  }

  /** The state of one run; empty if it never began. */
  public static Optional<NightState> load(Storage storage, Run run) {
    String file = run.folder() + "/" + FILE_NAME;
    return storage.exists(file)
        ? Optional.of(storage.readJson(file, NightState.class))
        : Optional.empty();
  }

  /** Every run of a task, in order. */
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
