package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.stage.compare.Answers.Head;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Learned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gathers what the test rows show, of the candidate and of its linear part alone.
 *
 * @param combination of the candidate's parts; empty if it has only one
 * @param known classes of the current model; empty where they are not known, or there is none
 */
record Evidence(
    Evaluation evaluation,
    Optional<Combination> combination,
    Answers answers,
    Optional<LabelSets> known) {

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
                  .map(kind -> baseline(Head.of(result), kind, remarks))
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
                      answers.of(
                          Head.of(result), Evaluation.CANDIDATE_LINEAR, Evaluation.BASELINE))));
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
    PairedOutcomes current = answers.of(Head.of(result), result.model(), Evaluation.CURRENT);
    Optional<HeadResult> majority =
        Compare.results(evaluation, Evaluation.MAJORITY).stream()
            .filter(other -> other.head().equals(result.head()))
            .findFirst();
    int constant = majority.map(Evidence::constantAnswer).orElse(0);
    long leftOut = mayAnswer(result) ? leftOut(Evaluation.CURRENT, result.head()) : 0;
    boolean first = current.rows() == 0 && majority.isPresent() && leftOut == 0;
    return new HeadEvidence(
        result.head(),
        first ? Reference.MAJORITY : Reference.CURRENT,
        first
            ? answers.of(Head.of(result), result.model(), result.model()).againstConstant(constant)
            : current,
        baseline,
        new Scope(leftOut, Head.of(result).classes(), first ? Set.of() : added(result), constant));
  }

  /** Returns whether the current model knows a class of a head, as far as its classes are known. */
  private boolean mayAnswer(HeadResult result) {
    return known.isEmpty()
        || known
            .flatMap(labels -> labels.head(result.head()))
            .filter(head -> !Collections.disjoint(head.classes(), Head.of(result).classes()))
            .isPresent();
  }

  /** Returns the test rows of a head that a model has learned from, as far as it is known. */
  long leftOut(String model, String head) {
    return evaluation.learned().stream()
        .filter(learned -> learned.model().equals(model))
        .filter(learned -> learned.head().equals(head) && learned.rows() != null)
        .mapToLong(Learned::rows)
        .sum();
  }

  /** Returns the classes of a head that the current model does not know. */
  private Set<Integer> added(HeadResult result) {
    List<String> classes = Head.of(result).classes();
    return known
        .flatMap(labels -> labels.head(result.head()))
        .map(
            head ->
                IntStream.range(0, classes.size())
                    .filter(c -> !head.classes().contains(classes.get(c)))
                    .boxed()
                    .collect(Collectors.toSet()))
        .orElse(Set.of());
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
