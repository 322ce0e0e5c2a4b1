package io.attune.jobs.night;

import io.attune.jobs.config.ConfigChanges;
import io.attune.jobs.config.ConfigChanges.Change;
import io.attune.jobs.night.NightState.TakeOver;
import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.stage.tokenize.Tokenize;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.VerdictRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds what has changed in the configuration since earlier nights, and which stages that asks to
 * be run again.
 */
record Reconfiguration(NightContext context, Configuration hadoop) {

  /**
   * Holds what is to be done since the configuration has changed.
   *
   * @param since the run that it is compared with
   * @param from the first stage that runs again
   */
  record Due(NightState since, ConfigChanges changes, Stage from) {

    /** Returns whether only the report is to be written again. */
    boolean isForReport() {
      return from == Stage.REPORT;
    }

    /** Returns whether documents are to be read again. */
    boolean readsAgain() {
      return from.compareTo(Stage.CLEAN) <= 0;
    }

    /** Returns the first stage of the run that does it. */
    Stage start() {
      return from.compareTo(Stage.TRAIN) < 0 ? Stage.INGEST : from;
    }

    NightPlan.Change toChange() {
      boolean takesOver = start() != Stage.INGEST;
      return new NightPlan.Change(
          since.task(), readsAgain(), takesOver ? new TakeOver(since.run(), from) : null);
    }

    /** Returns why stages run, and which. */
    String sentence() {
      String what =
          readsAgain()
              ? "all files are read again, and every stage runs again"
              : isForReport()
                  ? "its report is written again"
                  : "the stages %s run again%s"
                      .formatted(
                          Arrays.stream(Stage.values())
                              .filter(stage -> stage.compareTo(from) >= 0)
                              .map(Stage::word)
                              .collect(Collectors.joining(", ")),
                          start() == Stage.INGEST
                              ? ""
                              : "; what those before them made is taken over");
      return "The configuration has changed since run %s: %s. So %s."
          .formatted(since.run(), changes.sentence(), what);
    }
  }

  /** Returns what has changed since a run last worked; nothing where that is not known. */
  ConfigChanges since(NightState state) {
    Run run = state.toRun();
    String file = run.folder() + "/config.yaml";
    if (!context.storage().exists(file)) {
      return ConfigChanges.NONE;
    }
    String before = new String(context.storage().read(file), StandardCharsets.UTF_8);
    Optional<ConfigChanges> found = ConfigChanges.between(before, context.config());
    if (found.isEmpty()) {
      context
          .console()
          .line(
              "Warning: '%s' was written by another version, so that a changed configuration is not noticed; if it has changed, run: attune nightly --force"
                  .formatted(context.storage().resolve(file)));
    }
    ConfigChanges changes = found.orElse(ConfigChanges.NONE);
    boolean isOutdated =
        Tokenize.isOutdated(context.storage(), run, context.config().tokenize(), hadoop);
    return isOutdated
        ? changes.and(
            new Change(
                "the content of tokenize.tokenizer or tokenize.synonyms.file",
                "what the run read",
                "another",
                Stage.TOKENIZE))
        : changes;
  }

  /**
   * Returns what the configuration asks to be done again since the last finished night. A night
   * that was forced with other settings, and whose settings were taken back, asks for nothing.
   */
  Optional<Due> due(List<NightState> known) {
    List<NightState> finished = known.stream().filter(NightState::isFinished).toList();
    if (finished.isEmpty()) {
      return Optional.empty();
    }
    NightState last = finished.get(finished.size() - 1);
    ConfigChanges changes = since(last);
    if (changes.isEmpty() || (last.isForced() && isAsBefore(finished))) {
      return Optional.empty();
    }
    return Optional.of(new Due(last, changes, from(last, changes)));
  }

  private boolean isAsBefore(List<NightState> finished) {
    return finished.stream()
        .filter(state -> !state.isForced())
        .reduce((a, b) -> b)
        .map(state -> since(state).isEmpty())
        .orElse(false);
  }

  /** Returns the first stage to run again, as early as what it needs is there. */
  private Stage from(NightState last, ConfigChanges changes) {
    Stage first = changes.first().orElseThrow();
    Run run = last.toRun();
    Stage from = first == Stage.COMPARE && !isComparable(run) ? Stage.EVALUATE : first;
    if (from == Stage.TRAIN && context.config().model().distil().hasTeacher()) {
      return Stage.TOKENIZE; // the teacher is chosen when a run begins
    }
    boolean isThere =
        from == Stage.REPORT
            || TakenOver.artefacts(run, from).stream()
                .allMatch(Artefacts.of(context.storage())::isPublished);
    return isThere || from.compareTo(Stage.TRAIN) < 0 ? from : Stage.TOKENIZE;
  }

  /** Returns whether the model that a run was compared with is still the current one. */
  private boolean isComparable(Run run) {
    Artefacts artefacts = Artefacts.of(context.storage());
    if (!artefacts.isPublished(run.verdict())) {
      return false;
    }
    VerdictRecord verdict =
        artefacts.open(run.verdict()).json(VerdictRecord.FILE_NAME, VerdictRecord.class);
    return CurrentModel.of(context.storage(), run.task())
        .version()
        .equals(Optional.ofNullable(verdict.current()));
  }

  /** Says why stages run again, unless the command leaves them out. */
  boolean announce(Due due, Span span) {
    if (span.from().compareTo(due.start()) > 0) {
      context
          .console()
          .line(
              "The configuration has changed since run %s: %s. A night with --from %s does not act on it; run: attune nightly"
                  .formatted(due.since().run(), due.changes().sentence(), span.from().word()));
      return false;
    }
    context.console().line(due.sentence());
    return true;
  }
}
