package io.attune.jobs.night;

import io.attune.pipeline.Progress;
import io.attune.pipeline.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Collects the states and alerts of nights, for the notifications at their end. */
public final class NightLog {
  private final Map<String, NightState> runs = new LinkedHashMap<>();
  private final List<String> alerts = new ArrayList<>();
  private final Map<Stage, List<String>> warnings = new EnumMap<>(Stage.class);

  void note(NightState state) {
    runs.put(state.run(), state);
  }

  void alert(String message) {
    alerts.add(message);
  }

  /** Returns the latest state of each run that was worked on, in order. */
  List<NightState> runs() {
    return List.copyOf(runs.values());
  }

  /** Returns what an operator should look into, although the night continued. */
  List<String> alerts() {
    return List.copyOf(alerts);
  }

  /** Keeps a warning for the record of a stage, and as an alert. */
  void warn(Stage stage, String message) {
    warnings.computeIfAbsent(stage, any -> new ArrayList<>()).add(message);
    alert(stage.word() + ": " + message);
  }

  /** Returns the warnings of a stage since they were last taken, for its record. */
  List<String> takeWarnings(Stage stage) {
    List<String> taken = warnings.remove(stage);
    return taken == null ? List.of() : List.copyOf(new LinkedHashSet<>(taken));
  }

  /** Passes progress on to {@code shown}, and keeps the warnings. */
  Progress listeningTo(Progress shown, Stage stage) {
    return new Progress() {
      @Override
      public void update(long done, long total, String note) {
        shown.update(done, total, note);
      }

      @Override
      public void warn(String message) {
        shown.warn(message);
        NightLog.this.warn(stage, message);
      }
    };
  }
}
