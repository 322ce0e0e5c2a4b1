package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Predicts the classes of texts for the heads of the night; it is sent to executors. */
interface TextModel extends Serializable {

  /**
   * Returns the probability of every class.
   *
   * @return [text][head][class], heads and classes in tonight's order; each class vector sums to 1;
   *     null in place of a head that the model does not answer
   */
  float[][][] probabilities(List<String> texts);

  /**
   * Returns the probabilities of the model and, if it has several parts, of each part alone, as
   * {@link #probabilities} does.
   *
   * @param name of the model, which the names of its parts start with
   */
  default Map<String, float[][][]> answers(String name, List<String> texts) {
    return Map.of(name, probabilities(texts));
  }

  /**
   * Returns the temperatures by which the model scales its answers, by head; none where it does not
   * say.
   */
  default Map<String, Double> temperatures() {
    return Map.of();
  }

  /**
   * Returns whether its linear part has learned from the validation split of its run, so that what
   * it answers to such rows says nothing of how good it is.
   */
  default boolean hasLearnedFromValidation() {
    return false;
  }

  /**
   * Returns the attention that it paid to the texts.
   *
   * @return for each text, spans in its order with weights that sum to at most 1
   */
  List<List<AttendedSpan>> attention(List<String> texts);
}
