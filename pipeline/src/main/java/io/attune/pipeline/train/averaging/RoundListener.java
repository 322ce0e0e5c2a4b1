package io.attune.pipeline.train.averaging;

/** Told of every averaging round, on the driver. */
public interface RoundListener {

  /**
   * Called after each round.
   *
   * @param state the averaged network; never changed afterwards
   */
  void onRound(Round round, NetworkState state);

  /** Where training can go on from if the next round fails, for its message; may be empty. */
  default String lastGood() {
    return "";
  }
}
