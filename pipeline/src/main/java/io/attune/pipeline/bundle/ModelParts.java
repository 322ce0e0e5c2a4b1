package io.attune.pipeline.bundle;

import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.model.Temperatures;
import io.attune.schemas.model.Temperatures.HeadTemperature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Holds what answers in a model: networks, a linear part, or both with their weights.
 *
 * @param networks {@code model.zip} and those after it; the mean of their probabilities counts as
 *     the answer of one
 * @param linear {@code linear.bin}; empty without a linear part
 * @param combination of the two; without heads if there is only one
 * @param temperatures of a model of one kind of part; without heads if nothing was fitted
 */
@SuppressWarnings("ArrayRecordComponent") // Files' bytes; never compared.
public record ModelParts(
    List<byte[]> networks, byte[] linear, Combination combination, Temperatures temperatures)
    implements Serializable {
  private static final long serialVersionUID = 1;
  static final byte[] NONE = {};
  static final Combination UNCOMBINED = Combination.of(List.of());
  static final Temperatures UNSCALED = Temperatures.of(List.of());

  public ModelParts {
    networks = List.copyOf(networks);
  }

  /** Returns a model that is a network alone, with the optimizer's state. */
  public static ModelParts of(ComputationGraph network) {
    return new ModelParts(List.of(bytes(network)), NONE, UNCOMBINED, UNSCALED);
  }

  /** Returns a model that is a linear part alone. */
  public static ModelParts of(LinearModel linear) {
    return new ModelParts(List.of(), linear.toBytes(), UNCOMBINED, UNSCALED);
  }

  /** Returns the linear part of this model as a model of its own, not scaled. */
  public ModelParts linearAlone() {
    return new ModelParts(List.of(), linear, UNCOMBINED, UNSCALED);
  }

  /** Returns a model of the networks of this and another, without their linear parts. */
  public ModelParts and(ModelParts other) {
    return new ModelParts(
        Stream.concat(networks.stream(), other.networks.stream()).toList(),
        NONE,
        UNCOMBINED,
        UNSCALED);
  }

  /** Returns the networks of this model with a linear part beside them. */
  public ModelParts with(LinearModel part, List<HeadWeights> weights) {
    return new ModelParts(networks, part.toBytes(), Combination.of(weights), UNSCALED);
  }

  /** Returns the same, with its answers scaled; for a model of one kind of part. */
  public ModelParts scaled(List<HeadTemperature> heads) {
    return new ModelParts(networks, linear, combination, Temperatures.of(heads));
  }

  /**
   * Returns the temperature of a head's answers; of a model of both parts that which its weights
   * amount to. 1 where nothing was fitted, as in models of versions without it.
   *
   * @param head as an index into the label sets
   */
  public double temperature(int head) {
    if (!combination.heads().isEmpty()) {
      return combination.heads().get(head).temperature();
    }
    return temperatures.heads().isEmpty() ? 1 : temperatures.heads().get(head).temperature();
  }

  /** Returns whether the scale of its answers was fitted. */
  public boolean isScaled() {
    return !combination.heads().isEmpty() || !temperatures.heads().isEmpty();
  }

  boolean hasNetwork() {
    return !networks.isEmpty();
  }

  /** Returns whether it has a linear part, beside networks or alone. */
  public boolean hasLinear() {
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
