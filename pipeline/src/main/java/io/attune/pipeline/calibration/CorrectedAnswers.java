package io.attune.pipeline.calibration;

import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import io.attune.schemas.table.Split;
import java.util.Optional;

/**
 * Tells whether an evaluation corrected the answers to its test split for other shares of the
 * classes ({@code evaluate.prior}). They are not what the model answers to other documents then,
 * and neither are its errors.
 */
public final class CorrectedAnswers {
  private static final double EQUAL = 1e-9;

  private CorrectedAnswers() {}

  /** Returns whether the candidate's answers of a head are corrected. */
  public static boolean isCorrected(Evaluation evaluation, String head) {
    Optional<PriorShiftResult> shift =
        evaluation.priors().stream()
            .filter(prior -> prior.model().equals(Evaluation.CANDIDATE))
            .filter(prior -> prior.head().equals(head))
            .findFirst();
    if (shift.isEmpty()) {
      return false;
    }
    return evaluation.prior() == null
        ? hasCorrectedAccuracy(evaluation, shift.get())
        : evaluation.prior().equals(Evaluation.ESTIMATED);
  }

  /** Returns whether a file that does not say it shows the accuracy of corrected answers. */
  private static boolean hasCorrectedAccuracy(Evaluation evaluation, PriorShiftResult shift) {
    return shift.accuracy() != null
        && shift.correctedAccuracy() != null
        && evaluation.results().stream()
            .filter(result -> result.model().equals(Evaluation.CANDIDATE))
            .filter(result -> result.split().equals(Split.TEST.word()))
            .filter(result -> result.head().equals(shift.head()))
            .map(HeadResult::accuracy)
            .anyMatch(
                accuracy ->
                    Math.abs(accuracy - shift.accuracy()) >= EQUAL
                        && Math.abs(accuracy - shift.correctedAccuracy()) <= EQUAL);
  }
}
