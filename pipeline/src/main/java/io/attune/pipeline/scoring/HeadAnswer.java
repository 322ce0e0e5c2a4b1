package io.attune.pipeline.scoring;

import io.attune.pipeline.calibration.Probabilities;
import io.attune.schemas.model.LabelSets.Head;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds what a model answers for one head.
 *
 * @param label the class of the highest probability, the first of equals
 * @param probabilities of every class, in the order of the head
 */
public record HeadAnswer(String label, Map<String, Float> probabilities) {

  /**
   * Names the classes of an answer.
   *
   * @param probabilities by class, in the order of the head
   */
  public static HeadAnswer of(Head head, float[] probabilities) {
    Map<String, Float> named = new LinkedHashMap<>();
    for (int c = 0; c < probabilities.length; c++) {
      named.put(head.classes().get(c), probabilities[c]);
    }
    return new HeadAnswer(head.classes().get(Probabilities.mostLikely(probabilities)), named);
  }
}
