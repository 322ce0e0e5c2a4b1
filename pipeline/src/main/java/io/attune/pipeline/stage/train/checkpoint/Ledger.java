package io.attune.pipeline.stage.train.checkpoint;

import io.attune.neural.averaging.state.Round;
import java.util.List;

/**
 * Accounts for the rows of all rounds, planned and trained: {@code ledger.json}.
 *
 * @param rows of the train split; each epoch trains as many
 */
public record Ledger(long rows, List<Entry> rounds) {
  public static final String FILE_NAME = "ledger.json";

  public Ledger {
    rounds = List.copyOf(rounds);
  }

  /**
   * Accounts for one round.
   *
   * @param epoch from 1
   * @param round from 1, counted over all epochs
   */
  public record Entry(int epoch, int round, int workers, long planned, long trained) {
    /** Returns the entry of a round of that number. */
    static Entry of(Round round, int number) {
      return new Entry(
          round.epoch() + 1, number, round.workers(), round.rowsPlanned(), round.rowsTrained());
    }
  }
}
