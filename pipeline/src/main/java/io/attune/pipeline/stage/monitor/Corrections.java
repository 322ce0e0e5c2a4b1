package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.StageInputs;
import io.attune.pipeline.calibration.CorrectedAnswers;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.trend.CorrectedShares;
import io.attune.pipeline.trend.ErrorCorrection;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Corrects negative shares for the errors that a model makes: of a document that is negative it may
 * say that it is not, and the reverse.
 *
 * @param matrices by version of a model, of two classes: negative, and all others
 */
record Corrections(Map<String, ConfusionMatrix> matrices) implements Serializable {
  private static final int NEGATIVE = 0;
  private static final int OTHER = 1;

  /** Holds a corrected share with its interval of 95 %. */
  record Corrected(double share, Interval interval) {}

  /**
   * Reads the evaluations of models; left out is one without an evaluation of the head on the test
   * split, and one whose answers to that split were corrected, since it makes other errors.
   */
  static Corrections of(
      StageInputs inputs, Artefacts artefacts, MoodHeads heads, Collection<Version> versions) {
    Map<String, ConfusionMatrix> matrices = new HashMap<>();
    for (Version version : versions) {
      String path = version.run().evaluation();
      if (heads.sentiment().isPresent() && artefacts.isPublished(path)) {
        Evaluation evaluation =
            inputs
                .open("evaluation of " + version.name(), path)
                .json(Evaluation.FILE_NAME, Evaluation.class);
        result(evaluation, heads.sentiment().get(), version.name())
            .filter(found -> !CorrectedAnswers.isCorrected(evaluation, found.head()))
            .map(found -> matrix(found, heads.negative()))
            .ifPresent(matrix -> matrices.put(version.name(), matrix));
      }
    }
    return new Corrections(matrices);
  }

  /** Names a model and the run that evaluated it. */
  record Version(String name, Run run) {}

  private static Optional<HeadResult> result(Evaluation evaluation, String head, String version) {
    List<HeadResult> ofHead =
        evaluation.results().stream()
            .filter(result -> result.head().equals(head))
            .filter(result -> result.split().equals(Split.TEST.word()))
            .toList();
    String part = Run.isLinear(version) ? Evaluation.CANDIDATE_LINEAR : Evaluation.CANDIDATE;
    return ofHead.stream()
        .filter(result -> result.model().equals(part))
        .findFirst()
        .or(
            () ->
                ofHead.stream()
                    .filter(result -> result.model().equals(Evaluation.CANDIDATE))
                    .findFirst());
  }

  private static ConfusionMatrix matrix(HeadResult result, List<String> negative) {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    int classes = Math.min(result.perClass().size(), result.confusion().size());
    for (int actual = 0; actual < classes; actual++) {
      List<Long> row = result.confusion().get(actual);
      for (int predicted = 0; predicted < Math.min(classes, row.size()); predicted++) {
        matrix.add(
            side(result, actual, negative), side(result, predicted, negative), row.get(predicted));
      }
    }
    return matrix;
  }

  private static int side(HeadResult result, int label, List<String> negative) {
    return negative.contains(result.perClass().get(label).label()) ? NEGATIVE : OTHER;
  }

  /**
   * Corrects a share.
   *
   * @param documents at least 1
   * @return empty if the errors of the model are not known, or too many for a correction
   */
  Optional<Corrected> correct(String model, long documents, long negative) {
    ConfusionMatrix matrix = matrices.get(model);
    if (matrix == null || documents <= 0) {
      return Optional.empty();
    }
    CorrectedShares shares = ErrorCorrection.of(matrix).correct(negative, documents - negative);
    return shares.isCorrected()
        ? Optional.of(
            new Corrected(shares.shares().get(NEGATIVE), shares.intervals().get(NEGATIVE)))
        : Optional.empty();
  }
}
