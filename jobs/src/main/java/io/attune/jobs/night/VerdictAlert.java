package io.attune.jobs.night;

import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.VerdictRecord;

/**
 * Alerts the operator to a run whose model, or a part of it, does not go into use.
 *
 * @param storage that holds the verdict and the pointer to the current model
 * @param log receives the alert
 */
record VerdictAlert(Storage storage, NightLog log) {

  /** Looks at the verdict of a run and at what became of it, as far as the span holds these. */
  void tell(Run run, Span span) {
    Artefacts artefacts = Artefacts.of(storage);
    if (!artefacts.isPublished(run.verdict())) {
      return;
    }
    VerdictRecord verdict =
        artefacts.open(run.verdict()).json(VerdictRecord.FILE_NAME, VerdictRecord.class);
    if (verdict.promotes() && span.holds(Stage.PROMOTE) && !wasPromoted(run, verdict)) {
      log.alert(refused(run, verdict));
    } else if (span.holds(Stage.COMPARE) && verdict.promotesLinearPart()) {
      log.alert("Only a part of tonight's model goes into use: " + verdict.summary());
    } else if (span.holds(Stage.COMPARE) && !verdict.promotes()) {
      log.alert(
          verdict.current() == null
              ? "No model is in use yet: " + verdict.summary()
              : "The current model was kept: " + verdict.summary());
    }
  }

  /** Returns whether the model was ever current: a rollback since is nobody's refusal. */
  private boolean wasPromoted(Run run, VerdictRecord verdict) {
    return CurrentModel.of(storage, run.task()).history().stream()
        .anyMatch(move -> move.version().equals(verdict.promoted()));
  }

  private String refused(Run run, VerdictRecord verdict) {
    return ("Model %s passed the gate and was not promoted: it was compared with %s, and %s is"
            + " current now; run a night that compares it again")
        .formatted(
            verdict.promoted(),
            verdict.current() == null ? "no model" : verdict.current(),
            CurrentModel.of(storage, run.task()).version().orElse("no model"));
  }
}
