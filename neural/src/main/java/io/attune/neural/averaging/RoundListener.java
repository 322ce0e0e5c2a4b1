package io.attune.neural.averaging;

import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;

/** Receives every averaging round, on the driver. */
public interface RoundListener {

  /**
   * Handles the result of a round.
   *
   * @param network the averaged network; never changed afterwards
   * @param outer what the next round needs in addition to it
   */
  void onRound(Round round, NetworkState network, OuterState outer);

  /** Handles a warning about a problem that was corrected and that an operator should check. */
  default void onWarning(String message) {}

  /** Returns where training can resume if the next round fails, for its message; may be empty. */
  default String lastGood() {
    return "";
  }
}
