package io.attune.jobs.night;

import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import java.util.List;
import java.util.function.Function;

/** Gives a run what another one made, where nothing that it depends on has changed. */
final class TakenOver {
  private TakenOver() {}

  /** Returns the folders of a run that a stage and those after it read. */
  static List<String> artefacts(Run run, Stage before) {
    return folders(before).stream().map(folder -> folder.apply(run)).toList();
  }

  /**
   * Copies them, each once, and returns the state in which the stages before are done.
   *
   * @param state of the run that takes them over
   */
  static NightState by(NightState state, Storage storage) {
    Run from = Run.parse(state.task(), state.takesOver().run());
    for (Function<Run, String> folder : folders(state.takesOver().before())) {
      Artefacts.of(storage).copy(folder.apply(from), folder.apply(state.toRun()));
    }
    return state.with(NightState.load(storage, from).orElseThrow().stages());
  }

  private static List<Function<Run, String>> folders(Stage before) {
    return switch (before) {
      case TRAIN -> List.of(Run::tokenizer, Run::dataset);
      case EVALUATE -> List.of(Run::tokenizer, Run::dataset, Run::model);
      case COMPARE -> List.of(Run::tokenizer, Run::dataset, Run::model, Run::evaluation);
      default -> List.of();
    };
  }
}
