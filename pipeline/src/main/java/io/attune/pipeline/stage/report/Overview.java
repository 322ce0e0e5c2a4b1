package io.attune.pipeline.stage.report;

import io.attune.pipeline.stage.report.page.MoodLine;
import io.attune.pipeline.stage.report.page.NightLine;
import io.attune.pipeline.stage.report.page.Pages;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.Mood;
import io.attune.schemas.report.NightReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps {@code reports/index.html} in step with the published reports.
 *
 * <p>It is rebuilt from them each time and replaced atomically. If two nights of different tasks
 * end at the same moment, it may lack one of them until the next night ends.
 */
final class Overview {
  private static final String FOLDER = "reports";

  private Overview() {}

  /**
   * Rewrites the page.
   *
   * @param maxRuns the newest runs that it lists
   */
  static void rewrite(Storage storage, int maxRuns) {
    List<Run> runs = runs(storage);
    List<NightLine> nights = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    Map<String, MoodLine> moods = new LinkedHashMap<>();
    for (Run run : runs.subList(0, Math.min(maxRuns, runs.size()))) {
      try {
        NightReport night =
            Artefacts.of(storage).open(run.report()).json(NightReport.FILE_NAME, NightReport.class);
        nights.add(NightLine.of(night));
      } catch (Failure.BadInput e) {
        // A damaged old report must not hide all others: the page names it instead.
        unreadable.add(run.report() + "/" + NightReport.FILE_NAME);
      }
      if (!moods.containsKey(run.task())) {
        addMood(storage, run, moods, unreadable);
      }
    }
    byte[] page = Pages.overview(nights, List.copyOf(moods.values()), runs.size(), unreadable);
    storage.replace(FOLDER + "/" + NightReport.PAGE, page);
  }

  private static void addMood(
      Storage storage, Run run, Map<String, MoodLine> moods, List<String> unreadable) {
    try {
      Artefact report = Artefacts.of(storage).open(run.report());
      Optional<Mood> mood = report.find(Mood.FILE_NAME, Mood.class);
      if (mood.isPresent()) {
        moods.put(
            run.task(),
            new MoodLine(mood.get(), report.json(AlertFile.FILE_NAME, AlertFile.class)));
      }
    } catch (Failure.BadInput e) {
      unreadable.add(run.report() + "/" + Mood.FILE_NAME);
    }
  }

  /** Returns all runs that have a report, the newest first. */
  private static List<Run> runs(Storage storage) {
    List<Run> runs = new ArrayList<>();
    for (String task : storage.list(FOLDER)) {
      for (String id : storage.list(FOLDER + "/" + task)) {
        parse(task, id).ifPresent(runs::add);
      }
    }
    runs.sort(
        Comparator.comparing(Run::date)
            .thenComparingInt(Run::counter)
            .reversed()
            .thenComparing(Run::task));
    return runs;
  }

  /**
   * Returns empty for a user's files next to the reports, and for {@code reports/index.html}
   * itself.
   */
  private static Optional<Run> parse(String task, String id) {
    try {
      return Optional.of(Run.parse(task, id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
