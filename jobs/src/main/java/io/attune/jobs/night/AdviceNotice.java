package io.attune.jobs.night;

import io.attune.jobs.console.Console;
import io.attune.pipeline.advice.AdviceLine;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.Advice;
import java.util.Comparator;
import java.util.Optional;

/**
 * Tells of the advice of a night: a line on the console each night, and an alert in the night in
 * which its verdict becomes another one that asks for something.
 */
record AdviceNotice(Storage storage, Console console, NightLog log) {

  /** Tells of the advice of a run, if it has one. */
  void tell(Run run) {
    Optional<Advice> advice = of(run);
    if (advice.isEmpty()) {
      return;
    }
    String line = AdviceLine.of(advice.get(), storage.resolve(run.advice()).toString());
    console.line(line);
    if (advice.get().asksForAction() && !advice.get().verdict().equals(verdictBefore(run))) {
      log.alert(line);
    }
  }

  private Optional<Advice> of(Run run) {
    Artefacts artefacts = Artefacts.of(storage);
    return artefacts.isPublished(run.advice())
        ? Optional.of(artefacts.open(run.advice()).json(Advice.FILE_NAME, Advice.class))
        : Optional.empty();
  }

  /** Returns the verdict of the latest earlier run that has one; {@code none} without any. */
  private String verdictBefore(Run run) {
    return Artefacts.of(storage).runsWith(Run::advice, run.task()).stream()
        .filter(other -> other.compareTo(run) < 0)
        .max(Comparator.naturalOrder())
        .flatMap(this::of)
        .map(Advice::verdict)
        .orElse(Advice.NONE);
  }
}
