package io.attune.pipeline.stage.evaluate;

import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one model's answers as answers to tonight's label sets, which may have changed since it was
 * trained. A class that it does not know gets probability 0; one that tonight no longer has is left
 * out, and the others share its probability.
 */
final class LabelAlignment implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int ABSENT = -1;

  /**
   * Locates the answer to one of tonight's heads.
   *
   * @param head of the model
   * @param classes of the model, by tonight's class
   */
  // An array, because it is read for every prediction.
  @SuppressWarnings("ArrayRecordComponent")
  private record Source(int head, int[] classes) implements Serializable {}

  private final boolean same;
  private final List<Source> sources; // null in place of a head that the model does not answer

  private LabelAlignment(boolean same, List<Source> sources) {
    this.same = same;
    this.sources = sources;
  }

  static LabelAlignment of(LabelSets models, LabelSets tonight) {
    List<Source> sources = new ArrayList<>();
    List<String> names = models.heads().stream().map(Head::name).toList();
    for (Head head : tonight.heads()) {
      int index = names.indexOf(head.name());
      sources.add(index < 0 ? null : source(index, models.heads().get(index), head));
    }
    return new LabelAlignment(models.equals(tonight), sources);
  }

  private static Source source(int index, Head models, Head tonight) {
    int[] classes = tonight.classes().stream().mapToInt(models::indexOf).toArray();
    return Arrays.stream(classes).allMatch(c -> c == ABSENT) ? null : new Source(index, classes);
  }

  /**
   * Reorders one text's answers.
   *
   * @param probabilities [head][class], as the model orders them; null in place of a head that it
   *     does not answer
   * @return as tonight orders them; null in place of a head that the model does not answer
   */
  float[][] align(float[][] probabilities) {
    if (same) {
      return probabilities;
    }
    float[][] aligned = new float[sources.size()][];
    for (int head = 0; head < aligned.length; head++) {
      if (sources.get(head) != null && probabilities[sources.get(head).head()] != null) {
        aligned[head] = align(sources.get(head), probabilities);
      }
    }
    return aligned;
  }

  private static float[] align(Source source, float[][] probabilities) {
    float[] theirs = probabilities[source.head()];
    float[] ours = new float[source.classes().length];
    int known = 0;
    float sum = 0;
    for (int c = 0; c < ours.length; c++) {
      if (source.classes()[c] != ABSENT) {
        ours[c] = theirs[source.classes()[c]];
        sum += ours[c];
        known++;
      }
    }
    for (int c = 0; c < ours.length; c++) {
      if (sum > 0) {
        ours[c] /= sum;
      } else if (source.classes()[c] != ABSENT) {
        ours[c] = 1f / known;
      }
    }
    return ours;
  }
}
