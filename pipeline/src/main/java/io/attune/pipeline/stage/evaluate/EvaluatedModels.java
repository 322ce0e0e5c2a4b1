package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.model.LabelSets;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.table.Split;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the models that are evaluated together.
 *
 * @param labels tonight's
 * @param byName by their name in the evaluation
 * @param batchRows texts that are answered at once
 */
record EvaluatedModels(LabelSets labels, Map<String, TextModel> byName, int batchRows)
    implements Serializable {
  EvaluatedModels {
    byName = Map.copyOf(byName);
  }

  /** Returns the temperature of each model and head that has one. */
  Map<String, Map<String, Double>> temperatures() {
    Map<String, Map<String, Double>> temperatures = new HashMap<>();
    byName.forEach((name, model) -> temperatures.put(name, model.temperatures()));
    return temperatures;
  }

  /**
   * Returns whether a result says how good its model is: not on the validation split where the
   * model, or the part of it that was asked, has learned from that.
   */
  boolean isTelling(HeadResult result) {
    String model =
        result.model().equals(Evaluation.CANDIDATE_LINEAR) ? Evaluation.CANDIDATE : result.model();
    return !result.split().equals(Split.VALIDATION.word())
        || !byName.containsKey(model)
        || !byName.get(model).hasLearnedFromValidation();
  }
}
