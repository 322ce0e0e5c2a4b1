package io.attune.pipeline.stage.compare;

import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Learned;
import java.util.ArrayList;
import java.util.List;

/** Says what models may have known of the test rows before they answered them. */
record SeenBefore(Evaluation evaluation) {

  /** Returns what a reader should know, each in a sentence. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    evaluation.learned().stream()
        .filter(learned -> learned.model().equals(Evaluation.CURRENT) && learned.rows() == null)
        .map(Learned::version)
        .distinct()
        .map(
            version ->
                VerdictReasons.of(
                    "It is not known which documents %s has learned from, since the table 'tokens' no"
                        + " longer has rows of its run: it is compared on all test rows, and some may"
                        + " not be new to it.",
                    version))
        .forEach(remarks::add);
    Compare.results(evaluation, Evaluation.CANDIDATE).stream()
        .filter(result -> result.uncopied() != null && result.uncopied().rows() < result.rows())
        .map(SeenBefore::ofCopies)
        .forEach(remarks::add);
    return remarks;
  }

  private static String ofCopies(HeadResult result) {
    long copied = result.rows() - result.uncopied().rows();
    return VerdictReasons.of(
        "On '%s' %,d of %,d test rows have a copy among the documents that tonight's models have"
            + " learned from; on the %,d others the accuracy of the candidate is %.4f, on all %.4f.",
        result.head(),
        copied,
        result.rows(),
        result.uncopied().rows(),
        result.uncopied().accuracy(),
        result.accuracy());
  }
}
