package io.attune.neural.layer;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.optim.ScaledRate;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Provides an updater for each parameter of an encoder, whose learning rates fall from block to
 * block (Howard and Ruder 2018, 3.2). Parameters of one block always have the same object, which
 * DL4J asks for at every step.
 */
final class DecayedRates {
  private final IUpdater top;
  private final double decay;
  private final Map<String, IUpdater> byParameter = new HashMap<>();
  private final Map<Integer, IUpdater> byDepth = new HashMap<>();

  /**
   * Makes the updaters.
   *
   * @param top of the last block and of what follows it
   */
  DecayedRates(IUpdater top, double decay) {
    this.top = top;
    this.decay = decay;
    byDepth.put(0, top);
  }

  boolean isOf(IUpdater updater) {
    return top == updater;
  }

  IUpdater updater(EncoderLayout layout, String parameter) {
    return byParameter.computeIfAbsent(
        parameter,
        name -> byDepth.computeIfAbsent(depth(name, layout.shape().blocks()), this::decayed));
  }

  /** Returns how many blocks are above a parameter; 0 for the last block and what follows it. */
  private static int depth(String parameter, int blocks) {
    int block = EncoderLayout.block(parameter);
    if (block >= 0) {
      return blocks - 1 - block;
    }
    boolean below =
        parameter.equals(EncoderLayout.TOKENS)
            || parameter.equals(EncoderLayout.POSITIONS)
            || parameter.startsWith(EncoderLayout.EMBEDDING_NORM + ".");
    return below ? blocks : 0;
  }

  private IUpdater decayed(int depth) {
    double factor = Math.pow(decay, depth);
    IUpdater copy = top.clone();
    copy.setLrAndSchedule(factor * top.getLearningRate(0, 0), new ScaledRate(top.clone(), factor));
    return copy;
  }
}
