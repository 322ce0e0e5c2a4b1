package io.attune.pipeline.surge.alert;

import io.attune.pipeline.surge.Judgement;
import java.io.Serializable;
import java.util.List;

/**
 * Raises one surge of a night.
 *
 * @param q the judgement's p-value, adjusted over all series of the night (Benjamini and Hochberg)
 * @param covers names of further series above their limits that this surge explains; sorted
 */
public record Alert(Judgement judgement, double q, Severity severity, List<String> covers)
    implements Serializable {
  public Alert {
    covers = List.copyOf(covers);
  }

  public String series() {
    return judgement.series();
  }
}
