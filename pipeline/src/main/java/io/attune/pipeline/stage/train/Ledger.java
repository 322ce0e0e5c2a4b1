package io.attune.pipeline.stage.train;

import java.util.List;

/**
 * {@code ledger.json}: what the plan gave to the workers in each round, and what they trained.
 *
 * @param rows of the train split; each epoch trains as many
 */
record Ledger(long rows, List<Entry> rounds) {
  static final String FILE_NAME = "ledger.json";

  Ledger {
    rounds = List.copyOf(rounds);
  }

  /**
   * One round.
   *
   * @param epoch from 1
   * @param round from 1, counted over all epochs
   */
  record Entry(int epoch, int round, int workers, long planned, long trained) {}
}
