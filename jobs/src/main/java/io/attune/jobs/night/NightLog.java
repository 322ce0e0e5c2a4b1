package io.attune.jobs.night;

import io.attune.pipeline.Progress;
import io.attune.pipeline.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened while nights were worked on, for whoever is told of it afterwards. */
public final class NightLog {
  private final Map<String, NightState> runs = new LinkedHashMap<>();
  private final List<String> alerts = new ArrayList<>();

  void note(NightState state) {
    runs.put(state.run(), state);
  }

  void alert(String message) {
    alerts.add(message);
  }

  /** The latest state of each run that was worked on, in order. */
  List<NightState> runs() {
    return List.copyOf(runs.values());
  }

  /** What an operator should look into, though the night went on. */
  List<String> alerts() {
    return List.copyOf(alerts);
  }

  /** Shows as before, and keeps the warnings. */
  Progress listeningTo(Progress shown, Stage stage) {
    return new Progress() {
      @Override
      public void update(long done, long total, String note) {
        shown.update(done, total, note);
      }

      @Override
      public void warn(String message) {
        shown.warn(message);
        alert(stage.word() + ": " + message);
      }
    };
  }
}
