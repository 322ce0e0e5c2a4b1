package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.report.Evaluation.AttendedSpan;
import java.io.Serializable;
import java.util.List;

/** A model that answers tonight's heads about texts; it travels to executors. */
interface TextModel extends Serializable {

  /**
   * What it holds likely.
   *
   * @return [text][head][class], heads and classes in tonight's order; each class vector sums to 1;
   *     null in place of a head that the model does not answer
   */
  float[][][] probabilities(List<String> texts);

  /**
   * What it looked at.
   *
   * @return for each text, spans in its order with weights that sum to at most 1
   */
  List<List<AttendedSpan>> attention(List<String> texts);
}
