package io.attune.pipeline.trend;

import io.attune.schemas.report.Evaluation.Interval;
import java.io.Serializable;
import java.util.List;

/**
 * Holds the shares of the true classes among some documents.
 *
 * @param shares one a class; they are at least 0 and add up to 1
 * @param intervals of 95 %, one a class
 * @param isCorrected false where the model cannot tell the classes apart, or the test split lacks
 *     one: then the shares are those of the predictions, and the intervals are all of [0, 1]
 */
public record CorrectedShares(List<Double> shares, List<Interval> intervals, boolean isCorrected)
    implements Serializable {
  public CorrectedShares {
    shares = List.copyOf(shares);
    intervals = List.copyOf(intervals);
  }
}
