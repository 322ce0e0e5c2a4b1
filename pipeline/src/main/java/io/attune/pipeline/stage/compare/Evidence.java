package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.Answers.Head;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.model.Combination;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.ClassResult;
import io.attune.schemas.report.Evaluation.HeadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers what the test rows show, of the candidate and of its linear part alone.
 *
 * @param combination of the candidate's parts; empty if it has only one
 */
record Evidence(Evaluation evaluation, Optional<Combination> combination, Answers answers) {

  /** Returns the evidence about the candidate, by head. */
  List<HeadEvidence> ofCandidate() {
    BaselineChoice choice = new BaselineChoice(evaluation, combination);
    List<HeadEvidence> evidence = new ArrayList<>();
    for (HeadResult result : Compare.results(evaluation, Evaluation.CANDIDATE)) {
      Optional<Kind> chosen = choice.of(result.head());
      List<String> remarks = choice.remarks(result.head(), chosen);
      evidence.add(
          against(
              result,
              chosen
                  .map(kind -> baseline(head(result), kind, remarks))
                  .orElse(Baseline.none(remarks))));
    }
    return evidence;
  }

  /** Returns whether the candidate has a linear part beside a network that answers every head. */
  boolean hasLinearPart() {
    List<HeadResult> whole = Compare.results(evaluation, Evaluation.CANDIDATE);
    return whole.size() == Compare.results(evaluation, Evaluation.CANDIDATE_LINEAR).size();
  }

  /**
   * Returns the evidence about the linear part alone, by head. Its baseline is the TF-IDF
   * regression where that is the better linear model; elsewhere it is the better one itself.
   */
  List<HeadEvidence> ofLinearPart() {
    BaselineChoice choice = new BaselineChoice(evaluation, combination);
    List<HeadEvidence> evidence = new ArrayList<>();
    for (HeadResult result : Compare.results(evaluation, Evaluation.CANDIDATE_LINEAR)) {
      boolean itself = choice.of(result.head()).equals(Optional.of(Kind.LINEAR_PART));
      evidence.add(
          against(
              result,
              itself
                  ? Baseline.none(List.of())
                  : Baseline.of(
                      Kind.TF_IDF,
                      answers.of(head(result), Evaluation.CANDIDATE_LINEAR, Evaluation.BASELINE))));
    }
    return evidence;
  }

  private Baseline baseline(Head head, Kind kind, List<String> remarks) {
    String model = kind == Kind.TF_IDF ? Evaluation.BASELINE : Evaluation.CANDIDATE_LINEAR;
    return new Baseline(
        kind,
        answers.of(head, Evaluation.CANDIDATE, model),
        answers.of(head, Evaluation.CURRENT, model),
        remarks);
  }

  private HeadEvidence against(HeadResult result, Baseline baseline) {
    PairedOutcomes current = answers.of(head(result), result.model(), Evaluation.CURRENT);
    Optional<HeadResult> majority =
        Compare.results(evaluation, Evaluation.MAJORITY).stream()
            .filter(other -> other.head().equals(result.head()))
            .findFirst();
    boolean first = current.rows() == 0 && majority.isPresent();
    return new HeadEvidence(
        result.head(),
        first ? Reference.MAJORITY : Reference.CURRENT,
        first ? againstMajority(result, majority.get()) : current,
        baseline);
  }

  private static Head head(HeadResult result) {
    return new Head(result.head(), result.perClass().stream().map(ClassResult::label).toList());
  }

  private static PairedOutcomes againstMajority(HeadResult model, HeadResult majority) {
    List<List<Long>> answers = model.confusion();
    int constant = constantAnswer(majority);
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < answers.size(); actual++) {
      for (int chosen = 0; chosen < answers.size(); chosen++) {
        cells.add(new Cell(actual, chosen, constant, answers.get(actual).get(chosen)));
      }
    }
    return PairedOutcomes.of(answers.size(), cells);
  }

  /** Returns the one class that it always answers. */
  private static int constantAnswer(HeadResult majority) {
    for (List<Long> answers : majority.confusion()) {
      for (int chosen = 0; chosen < answers.size(); chosen++) {
        if (answers.get(chosen) > 0) {
          return chosen;
        }
      }
    }
    return 0;
  }
}
