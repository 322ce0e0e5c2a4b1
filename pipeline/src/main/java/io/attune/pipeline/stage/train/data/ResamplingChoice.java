package io.attune.pipeline.stage.train.data;

import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import java.util.Locale;

/**
 * Says which classes an epoch has how often.
 *
 * @param head by whose classes; empty for the first
 */
public record ResamplingChoice(Resample by, String head) {
  /** Returns the value of the key. */
  String word() {
    return by.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the number of the head.
   *
   * @throws Failure.BadUsage if there is none of that name
   */
  int numberOf(List<Head> heads) {
    List<String> names = heads.stream().map(Head::name).toList();
    int number = head.isEmpty() ? 0 : names.indexOf(head);
    if (number < 0) {
      throw new Failure.BadUsage(
          "train.resample-head names the head '%s', and the heads are %s; name one of them, or"
              + " leave it empty for the first",
          head, names);
    }
    return number;
  }
}
