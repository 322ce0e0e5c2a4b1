package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.io.Serializable;
import java.util.List;

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
   * Returns the attention that it paid to the texts.
   *
   * @return for each text, spans in its order with weights that sum to at most 1
   */
  List<List<AttendedSpan>> attention(List<String> texts);
}
