package io.attune.neural.averaging.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Concatenates the rows of an epoch in order; a plan's positions count them.
 *
 * @param ranges in the order of the epoch
 */
public record RowSequence(List<RowRange> ranges) {
  public RowSequence {
    ranges = List.copyOf(ranges);
  }

  public long rows() {
    return ranges.stream().mapToLong(RowRange::rows).sum();
  }

  /** Returns the rows at positions [from, to). */
  public List<RowRange> slice(long from, long to) {
    List<RowRange> slice = new ArrayList<>();
    long start = 0;
    for (RowRange range : ranges) {
      long first = Math.max(from - start, 0);
      long end = Math.min(to - start, range.rows());
      if (first < end) {
        slice.add(range.part(first, end));
      }
      start += range.rows();
    }
    return slice;
  }

  /** Returns the rows that are left after the first rounds of a plan over these. */
  public RowSequence after(RoundPlan plan, int rounds) {
    List<RowRange> left = new ArrayList<>();
    for (int worker = 0; worker < plan.workers(); worker++) {
      left.addAll(slice(plan.from(rounds, worker), plan.end(worker)));
    }
    return new RowSequence(left);
  }
}
