package io.attune.pipeline.model;

import static io.attune.schemas.Requirements.require;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads what a network attends to. */
public final class Introspection {
  private Introspection() {}

  /**
   * Computes attention weights for a batch, without dropout; parameters are left as they are.
   *
   * @param network with an {@link EncoderLayer} named {@value Networks#ENCODER}; not in use by
   *     another thread
   * @param tokens {@code [batch, time]}
   * @param mask {@code [batch, time]}
   */
  public static Attention attention(ComputationGraph network, INDArray tokens, INDArray mask) {
    require(
        network.getLayer(Networks.ENCODER) instanceof RunningEncoder,
        "the network has no encoder named '%s'",
        Networks.ENCODER);
    return ((RunningEncoder) network.getLayer(Networks.ENCODER)).attention(tokens, mask);
  }
}
