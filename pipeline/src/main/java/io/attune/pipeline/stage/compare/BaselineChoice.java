package io.attune.pipeline.stage.compare;

import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.BaselineFit;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the linear model that a head is held against: the linear part of the candidate or the
 * TF-IDF regression, whichever has the higher macro-F1 on the validation split when both have
 * learned from the train split alone. The test split has no say in it.
 *
 * @param combination of the candidate's parts; empty if it has only one
 */
record BaselineChoice(Evaluation evaluation, Optional<Combination> combination) {

  /** Returns the better one; empty where neither answers the head. */
  Optional<Kind> of(String head) {
    boolean part = answers(Evaluation.CANDIDATE_LINEAR, head);
    boolean tfIdf = answers(Evaluation.BASELINE, head);
    if (part && tfIdf) {
      return Optional.of(partIsBetter(head) ? Kind.LINEAR_PART : Kind.TF_IDF);
    }
    return part
        ? Optional.of(Kind.LINEAR_PART)
        : tfIdf ? Optional.of(Kind.TF_IDF) : Optional.empty();
  }

  /** Returns what makes the comparison doubtful, each a sentence. */
  List<String> remarks(String head, Optional<Kind> chosen) {
    if (chosen.isEmpty()) {
      return List.of(
          VerdictReasons.of(
              "On '%s' no linear model answered (no row to learn from has a label), so that nothing"
                  + " says whether the network is worth it.",
              head));
    }
    List<String> remarks = new ArrayList<>();
    boolean both = answers(Evaluation.CANDIDATE_LINEAR, head) && answers(Evaluation.BASELINE, head);
    if (both && (onValidation(head).isEmpty() || ofPart(head).isEmpty())) {
      remarks.add(
          VerdictReasons.of(
              "On '%s' no validation row tells which linear model is the better one; %s is taken.",
              head, chosen.get().named()));
    }
    Optional<BaselineFit> fit =
        evaluation.fits().stream().filter(each -> each.head().equals(head)).findFirst();
    if (chosen.get() == Kind.TF_IDF && fit.isPresent() && !fit.get().converged()) {
      remarks.add(
          VerdictReasons.of(
              "The TF-IDF regression of '%s' stopped after %d iterations before its loss had"
                  + " settled, and may be better than it looks; raise"
                  + " evaluate.baseline.max-iterations.",
              head, fit.get().iterations()));
    }
    return remarks;
  }

  /**
   * Returns whether the linear part is better on validation. Without its figures it is not: then
   * the regression is taken, which learns from no more rows.
   */
  private boolean partIsBetter(String head) {
    Optional<Double> ofPart = ofPart(head);
    Optional<Double> ofTfIdf = onValidation(head);
    return ofPart.isPresent() && ofTfIdf.isPresent() && ofPart.get() >= ofTfIdf.get();
  }

  private Optional<Double> ofPart(String head) {
    return combination.stream()
        .flatMap(parts -> parts.heads().stream())
        .filter(weights -> weights.head().equals(head))
        .findFirst()
        .map(HeadWeights::linearMacroF1);
  }

  private Optional<Double> onValidation(String head) {
    return evaluation.results().stream()
        .filter(result -> result.model().equals(Evaluation.BASELINE))
        .filter(result -> result.split().equals(Split.VALIDATION.word()))
        .filter(result -> result.head().equals(head))
        .findFirst()
        .map(HeadResult::macroF1);
  }

  private boolean answers(String model, String head) {
    return evaluation.results().stream()
        .anyMatch(
            result ->
                result.model().equals(model)
                    && result.split().equals(Split.TEST.word())
                    && result.head().equals(head));
  }
}
