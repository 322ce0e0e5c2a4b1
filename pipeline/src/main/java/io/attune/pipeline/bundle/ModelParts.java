package io.attune.pipeline.bundle;

import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Holds what answers in a model: a network, a linear part, or both with their weights.
 *
 * @param network {@code model.zip}; empty without a network
 * @param linear {@code linear.bin}; empty without a linear part
 * @param combination of the two; without heads if there is only one
 */
@SuppressWarnings("ArrayRecordComponent") // Files' bytes; never compared.
public record ModelParts(byte[] network, byte[] linear, Combination combination)
    implements Serializable {
  private static final long serialVersionUID = 1;
  static final byte[] NONE = {};
  static final Combination UNCOMBINED = Combination.of(List.of());

  /** Returns a model that is a network alone, with the optimizer's state. */
  public static ModelParts of(ComputationGraph network) {
    return new ModelParts(bytes(network), NONE, UNCOMBINED);
  }

  /** Returns a model that is a linear part alone. */
  public static ModelParts of(LinearModel linear) {
    return new ModelParts(NONE, linear.toBytes(), UNCOMBINED);
  }

  /** Returns the network of this model with a linear part beside it. */
  public ModelParts with(LinearModel part, List<HeadWeights> weights) {
    return new ModelParts(network, part.toBytes(), Combination.of(weights));
  }

  boolean hasNetwork() {
    return network.length > 0;
  }

  boolean hasLinear() {
    return linear.length > 0;
  }

  /**
   * Returns the network in DL4J's own format, with the optimizer's state, so that training can
   * resume from it.
   */
  private static byte[] bytes(ComputationGraph network) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelSerializer.writeModel(network, bytes, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
