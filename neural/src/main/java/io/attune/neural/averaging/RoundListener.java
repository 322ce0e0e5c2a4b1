package io.attune.neural.averaging;

import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;

/** Told of every averaging round, on the driver. */
public interface RoundListener {

  /**
   * Called after each round.
   *
   * @param network the averaged network; never changed afterwards
   * @param outer what the next round needs beside it
   */
  void onRound(Round round, NetworkState network, OuterState outer);

  /** Called with what was met and mended, and an operator should look into. */
  default void onWarning(String message) {}

  /** Where training can go on from if the next round fails, for its message; may be empty. */
  default String lastGood() {
    return "";
  }
}
