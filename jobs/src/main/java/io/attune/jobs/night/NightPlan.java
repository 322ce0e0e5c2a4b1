package io.attune.jobs.night;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Run;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which nights are due, and which files each ingests; {@link Nights} runs them.
 *
 * @param nights in order; empty if there is nothing new
 */
record NightPlan(List<PlannedNight> nights) {

  /** Holds one run to make: a new one, or one that was begun and not finished. */
  record PlannedNight(Run run, List<InputFile> files) {}

  /**
   * Plans every night up to a date.
   *
   * <p>A file whose path carries a date belongs to that night; one that came too late for its
   * night, or whose path has no date, belongs to the first night that is due.
   *
   * @param known the task's runs, in order
   * @param pending files that no run has ingested
   * @param until the requested date; files with a later date wait
   */
  static NightPlan of(
      String task, List<NightState> known, List<InputFile> pending, LocalDate until) {
    Optional<NightState> open =
        known.stream().filter(state -> !state.isFinished()).reduce((a, b) -> b);
    Optional<LocalDate> last =
        known.stream()
            .filter(NightState::isFinished)
            .map(state -> state.toRun().date())
            .reduce((a, b) -> b);
    SortedMap<LocalDate, List<InputFile>> byDate = new TreeMap<>();
    List<InputFile> undated = new ArrayList<>();
    for (InputFile file : pending) {
      LocalDate date = file.date() == null ? null : LocalDate.parse(file.date());
      if (date == null || (last.isPresent() && !date.isAfter(last.get()))) {
        undated.add(file);
      } else if (!date.isAfter(until)) {
        byDate.computeIfAbsent(date, day -> new ArrayList<>()).add(file);
      }
    }
    if (!undated.isEmpty()) {
      LocalDate first = byDate.isEmpty() ? latest(last, until) : byDate.firstKey();
      byDate.computeIfAbsent(first, day -> new ArrayList<>()).addAll(undated);
    }
    List<PlannedNight> nights = new ArrayList<>();
    open.ifPresent(
        state -> {
          List<InputFile> files = byDate.remove(state.toRun().date());
          nights.add(new PlannedNight(state.toRun(), files == null ? List.of() : files));
        });
    for (Map.Entry<LocalDate, List<InputFile>> night : byDate.entrySet()) {
      nights.add(new PlannedNight(next(task, known, night.getKey()), night.getValue()));
    }
    return new NightPlan(List.copyOf(nights));
  }

  /** Returns the next run of a date, which is run again only with new files. */
  static Run next(String task, List<NightState> known, LocalDate date) {
    int counter =
        known.stream()
            .map(NightState::toRun)
            .filter(run -> run.date().equals(date))
            .mapToInt(Run::counter)
            .max()
            .orElse(0);
    return new Run(task, date, counter + 1);
  }

  private static LocalDate latest(Optional<LocalDate> last, LocalDate until) {
    return last.filter(date -> date.isAfter(until)).orElse(until);
  }
}
