package io.attune.jobs.night;

import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code state.json} of a run: what is done.
 *
 * @param configuration SHA-256 of the resolved configuration that the run was begun with
 * @param startedAt ISO 8601, UTC
 * @param finishedAt when the last stage was done; null until then
 * @param stages that are done, in order
 */
public record NightState(
    String task,
    String run,
    String configuration,
    String startedAt,
    String finishedAt,
    List<DoneStage> stages) {
  static final String FILE_NAME = "state.json";

  public NightState {
    stages = List.copyOf(stages);
  }

  /** One stage that is done: when, how long it took, and what it said. */
  public record DoneStage(
      String stage,
      String startedAt,
      double seconds,
      String artefact,
      String summary,
      Map<String, Long> counts) {
    public DoneStage {
      counts = Map.copyOf(counts);
    }
  }

  static NightState begin(Run run, String configuration, String startedAt) {
    return new NightState(run.task(), run.id(), configuration, startedAt, null, List.of());
  }

  public boolean isFinished() {
    return finishedAt != null;
  }

  public boolean isDone(Stage stage) {
    return stages.stream().anyMatch(done -> done.stage().equals(stage.word()));
  }

  NightState after(DoneStage done) {
    List<DoneStage> all = new ArrayList<>(stages);
    all.add(done);
    return new NightState(task, run, configuration, startedAt, finishedAt, all);
  }

  NightState finished(String at) {
    return new NightState(task, run, configuration, startedAt, at, stages);
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
