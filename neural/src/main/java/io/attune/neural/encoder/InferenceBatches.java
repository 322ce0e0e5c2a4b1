package io.attune.neural.encoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts rows into minibatches of nearly equal length, for encoders that are not trained. */
public final class InferenceBatches {
  /** Limits the rows of a minibatch; more are not faster on a CPU. */
  private static final int ROWS = 64;

  /** Limits the tokens of a minibatch, padding included, and with them the memory for attention. */
  private static final int TOKENS = 2048;

  private InferenceBatches() {}

  /**
   * Cuts rows.
   *
   * @param lengths tokens of each row, at least 1
   * @return the rows of each minibatch as indices into {@code lengths}, the longest first; equally
   *     long ones stay in their order
   */
  public static List<List<Integer>> of(int[] lengths) {
    List<Integer> longestFirst =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer row) -> -lengths[row]))
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    int start = 0;
    while (start < longestFirst.size()) {
      int rows = Math.max(1, Math.min(ROWS, TOKENS / lengths[longestFirst.get(start)]));
      int end = Math.min(longestFirst.size(), start + rows);
      batches.add(longestFirst.subList(start, end));
      start = end;
    }
    return batches;
  }
}
