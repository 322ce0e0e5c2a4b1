package io.attune.neural.averaging.config;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits the size of a minibatch.
 *
 * @param rows at most
 * @param tokens at most, padding included; a single row that is longer is a minibatch of its own
 */
public record BatchLimits(int rows, int tokens) implements Serializable {
  private static final long serialVersionUID = 1;

  public BatchLimits {
    require(rows >= 1, "rows must be at least 1, got %d", rows);
    require(tokens >= 1, "tokens must be at least 1, got %d", tokens);
  }

  /** Returns the rows of a minibatch whose rows have that length; at least 1. */
  public int rowsOf(double meanTokens) {
    return (int) Math.max(1, Math.min(rows, tokens / Math.max(1, meanTokens)));
  }

  /**
   * Cuts rows into minibatches of nearly equal length, the longest first. Where only the number of
   * rows limits them, minibatches are of nearly equal size, so that none is a small remainder.
   *
   * @param lengths tokens of each row, longest first
   * @return the end of each minibatch, exclusive, as an index into {@code lengths}
   */
  public List<Integer> cut(int[] lengths) {
    List<Integer> ends = new ArrayList<>();
    int evenBatches = 1 + (Math.max(1, lengths.length) - 1) / rows;
    int evenRows = (lengths.length + evenBatches - 1) / evenBatches;
    int start = 0;
    for (int row = 0; row < lengths.length; row++) {
      int size = row - start;
      if (size > 0 && (size == evenRows || (size + 1L) * lengths[start] > tokens)) {
        ends.add(row);
        start = row;
      }
    }
    if (start < lengths.length) {
      ends.add(lengths.length);
    }
    return ends;
  }
}
