package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds an executor whose workers are slow round after round: all others wait for it. Each is named
 * once.
 */
final class Stragglers {
  /** Counts a worker as slow from this multiple of the others' time for a token. */
  private static final double SLOW = 2;

  /** Requires this many slow rounds in a row, since a single one may be chance or compilation. */
  private static final int PATIENCE = 3;

  private final Map<String, Integer> slowRounds = new HashMap<>();
  private final Set<String> named = new HashSet<>();

  /**
   * Adds one more round.
   *
   * @return a warning for an operator, if there is a new one
   */
  Optional<String> after(List<WorkerResult> results) {
    List<WorkerResult> busy = results.stream().filter(result -> result.tokens() > 0).toList();
    for (WorkerResult result : busy) {
      double others =
          median(busy.stream().filter(other -> other.worker() != result.worker()).toList());
      boolean slow = others > 0 && nanosPerToken(result) > SLOW * others;
      int inRow = slow ? slowRounds.merge(result.place(), 1, Integer::sum) : 0;
      slowRounds.put(result.place(), inRow);
      if (inRow >= PATIENCE && named.add(result.place())) {
        return Optional.of(
            "worker %d is a straggler: on %s a token took %.1f times as long as elsewhere, %d rounds"
                    .formatted(
                        result.worker(), result.place(), nanosPerToken(result) / others, inRow)
                + " in a row; all others wait for it");
      }
    }
    return Optional.empty();
  }

  private static double nanosPerToken(WorkerResult result) {
    return (double) (result.computeNanos() + result.readNanos()) / result.tokens();
  }

  private static double median(List<WorkerResult> results) {
    List<Double> sorted = new ArrayList<>();
    results.forEach(result -> sorted.add(nanosPerToken(result)));
    sorted.sort(null);
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }
}
