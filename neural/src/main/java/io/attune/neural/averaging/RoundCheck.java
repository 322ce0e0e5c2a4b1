package io.attune.neural.averaging;

import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.exchange.WorkerResult;
import java.util.List;
import java.util.stream.Collectors;

/** Checks whether training can continue from the results of a round. */
final class RoundCheck {
  private RoundCheck() {}

  /**
   * Checks a round.
   *
   * @param loss of the round
   * @param firstLoss of the first round of the training; 0 in the first itself
   * @return the reason why it cannot be used; empty if it can
   */
  static String failureOf(
      Guards guards, List<WorkerResult> results, double loss, double firstLoss) {
    List<WorkerResult> faulty = faulty(results);
    long counting = results.stream().filter(WorkerResult::counts).count();
    if (counting < guards.quorum() * (counting + faulty.size())) {
      return faulty.stream()
          .map(result -> "worker %d is not finite, %s".formatted(result.worker(), result.fault()))
          .collect(Collectors.joining("; "));
    }
    if (guards.divergenceRatio() > 0
        && firstLoss > 0
        && loss > guards.divergenceRatio() * firstLoss) {
      return "its loss is %.4g, that of the first round was %.4g".formatted(loss, firstLoss);
    }
    return "";
  }

  /** Returns the results whose state must not be used. */
  static List<WorkerResult> faulty(List<WorkerResult> results) {
    return results.stream().filter(result -> !result.fault().isEmpty()).toList();
  }
}
