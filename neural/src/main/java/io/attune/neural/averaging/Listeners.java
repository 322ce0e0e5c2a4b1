package io.attune.neural.averaging;

import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Notifies the listeners of a training.
 *
 * @param rounds receive every averaging round
 * @param iterations listeners of the graph, called on the driver once a round
 */
record Listeners(List<RoundListener> rounds, List<TrainingListener> iterations) {
  void epochStarts(ComputationGraph graph) {
    iterations.forEach(listener -> listener.onEpochStart(graph));
  }

  void epochEnds(ComputationGraph graph) {
    iterations.forEach(listener -> listener.onEpochEnd(graph));
  }

  /** Passes a round on; listeners of the graph see it with the round's network. */
  void roundEnds(Round round, NetworkState network, OuterState outer, ComputationGraph graph) {
    rounds.forEach(listener -> listener.onRound(round, network, outer));
    if (!iterations.isEmpty()) {
      network.copyTo(graph);
      graph.setScore(round.loss());
      iterations.forEach(
          listener -> listener.iterationDone(graph, network.iteration(), round.epoch()));
    }
  }

  void warn(String message) {
    rounds.forEach(listener -> listener.onWarning(message));
  }

  /** Returns the name of the last good checkpoint, or {@code none}. */
  String lastGood() {
    return rounds.stream()
        .map(RoundListener::lastGood)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("none");
  }
}
