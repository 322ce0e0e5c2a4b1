package io.attune.neural.averaging;

/**
 * Locates a round in the training.
 *
 * @param epoch from 0
 * @param round of the plan, from 0
 * @param rounds of the plan
 * @param ofEpoch the same round, counted from the epoch's first
 */
record RoundPosition(int epoch, int round, int rounds, int ofEpoch) {

  /** Returns the position as messages name it, counted from 1. */
  @Override
  public String toString() {
    return "epoch %d, round %d of %d".formatted(epoch + 1, round + 1, rounds);
  }
}
