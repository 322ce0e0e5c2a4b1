package io.attune.jobs.night;

import io.attune.jobs.night.NightState.TakeOver;
import io.attune.pipeline.Stage;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Run;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Decides which nights are due, and which files each ingests; {@link Nights} runs them.
 *
 * @param nights in order; empty if there is nothing new
 */
record NightPlan(List<PlannedNight> nights) {

  /**
   * Holds one run to make: a new one, or one that was begun and not finished.
   *
   * @param files that it ingests
   * @param kind why it is made
   * @param takesOver what it does not make itself; null if it makes everything
   */
  record PlannedNight(Run run, List<InputFile> files, Kind kind, TakeOver takesOver) {

    /** Plans a run for new files, or the rest of one. */
    PlannedNight(Run run, List<InputFile> files) {
      this(run, files, Kind.DUE, null);
    }

    /** Returns the same, of which one stage is asked for. */
    PlannedNight alone() {
      return new PlannedNight(run, files, Kind.ALONE, takesOver);
    }

    /** Returns the same, made only because a user asks for it. */
    PlannedNight forced() {
      return new PlannedNight(run, files, Kind.FORCED, takesOver);
    }
  }

  /** Says why a run is made. */
  enum Kind {
    /** There are new files, or the run is not finished. */
    DUE,
    /** All files are read again, with those that are new. */
    READS_AGAIN,
    /** A user asks for it. */
    FORCED,
    /** A user asks for one of its stages. */
    ALONE,
    /** The run is finished, and its report is written with another configuration. */
    REPORT_AGAIN
  }

  /**
   * Plans every night up to a date.
   *
   * <p>A file whose path carries a date belongs to that night; one that came too late for its
   * night, or whose path has no date, belongs to the first night that is due. Runs that are open
   * come first, all of them: several are where only their first stages were asked for. One that has
   * read its files gets no more: another run of its date reads them.
   *
   * @param known the task's runs, in order
   * @param pending files that no run has ingested
   * @param until the requested date; files with a later date wait
   */
  static NightPlan of(
      String task, List<NightState> known, List<InputFile> pending, LocalDate until) {
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
    for (NightState state : known) {
      if (!state.isFinished()) {
        List<InputFile> files =
            state.isDone(Stage.INGEST) ? null : byDate.remove(state.toRun().date());
        nights.add(new PlannedNight(state.toRun(), files == null ? List.of() : files));
      }
    }
    for (Map.Entry<LocalDate, List<InputFile>> night : byDate.entrySet()) {
      nights.add(new PlannedNight(next(task, known, night.getKey()), night.getValue()));
    }
    return new NightPlan(List.copyOf(nights));
  }

  /**
   * Returns the plan with what a change of the configuration asks for: its first night reads all
   * files again, or, where there is no night, one is made that takes over what has not changed.
   *
   * @param change what to do again
   * @param known the task's runs, in order
   * @param all every file; read only if the change asks for it
   */
  NightPlan after(
      Change change, List<NightState> known, Supplier<List<InputFile>> all, LocalDate until) {
    if (!change.readsAgain() && !nights.isEmpty()) {
      return this; // a night with new files makes everything
    }
    Run first =
        nights.isEmpty()
            ? next(change.task(), known, latest(lastOf(known), until))
            : nights.get(0).run();
    List<PlannedNight> later = nights.stream().skip(1).toList();
    List<PlannedNight> planned = new ArrayList<>();
    planned.add(
        change.readsAgain()
            ? new PlannedNight(first, until(until, all.get(), later), Kind.READS_AGAIN, null)
            : new PlannedNight(first, List.of(), Kind.DUE, change.takeOver()));
    planned.addAll(later);
    return new NightPlan(List.copyOf(planned));
  }

  /**
   * Returns the plan where only some stages are asked for: no other run of the date of an open one
   * begins, which might stay open as well.
   */
  NightPlan ofParts() {
    Set<LocalDate> dates = new HashSet<>();
    return new NightPlan(nights.stream().filter(night -> dates.add(night.run().date())).toList());
  }

  /** Returns the files up to a date that no later night ingests. */
  private static List<InputFile> until(
      LocalDate until, List<InputFile> all, List<PlannedNight> later) {
    Set<InputFile> others = new HashSet<>();
    later.forEach(night -> others.addAll(night.files()));
    return all.stream()
        .filter(file -> !others.contains(file))
        .filter(file -> file.date() == null || !LocalDate.parse(file.date()).isAfter(until))
        .toList();
  }

  /**
   * Says what a changed configuration asks for.
   *
   * @param readsAgain whether all files are read again
   * @param takeOver what need not be made again; null for nothing
   */
  record Change(String task, boolean readsAgain, TakeOver takeOver) {}

  private static Optional<LocalDate> lastOf(List<NightState> known) {
    return known.stream().map(state -> state.toRun().date()).reduce((a, b) -> b);
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
