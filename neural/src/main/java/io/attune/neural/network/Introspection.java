package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.Attention;
import io.attune.neural.layer.AttendingLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Computes the attention weights of a network, and the gradient norms of a batch.
 *
 * <p>The network must not be in use by another thread; its parameters, its updater and its count of
 * steps are not changed.
 */
public final class Introspection {
  private Introspection() {}

  /**
   * Computes attention weights for a batch, without dropout.
   *
   * @param network with one input and at least one attention layer of this package; the result has
   *     the blocks of all of them in the order of the flow, and the pooling of the last that pools
   * @param tokens {@code [batch, time]}, or another input of the network
   * @param mask {@code [batch, time]}, or null if all tokens are real
   */
  public static Attention attention(ComputationGraph network, INDArray tokens, INDArray mask) {
    List<GraphVertex> layers = attentionLayers(network);
    require(!layers.isEmpty(), "the network has no attention layer to read");
    Map<String, INDArray> masks = masks(network, layers, mask);
    Map<String, INDArray> inputs = inputs(network, layers, tokens, mask);
    float[][] pooling = new float[(int) tokens.size(0)][(int) tokens.size(tokens.rank() - 1)];
    List<float[][][][]> blocks = new ArrayList<>();
    for (GraphVertex vertex : layers) {
      AttendingLayer layer = (AttendingLayer) vertex.getLayer();
      String name = vertex.getVertexName();
      Attention attention = layer.attention(inputs.get(name), masks.get(name));
      blocks.addAll(attention.blocks());
      pooling = layer.pools() ? attention.pooling() : pooling;
    }
    return new Attention(pooling, blocks);
  }

  private static List<GraphVertex> attentionLayers(ComputationGraph network) {
    List<GraphVertex> layers = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.hasLayer()
          && vertex.getLayer() instanceof AttendingLayer layer
          && layer.attends()) {
        layers.add(vertex);
      }
    }
    return layers;
  }

  /** Returns the mask of each layer, by its name. */
  private static Map<String, INDArray> masks(
      ComputationGraph network, List<GraphVertex> layers, INDArray mask) {
    Map<String, INDArray> masks = new LinkedHashMap<>();
    if (mask != null) {
      network.setLayerMaskArrays(new INDArray[] {mask}, null);
    }
    for (GraphVertex vertex : layers) {
      masks.put(vertex.getVertexName(), vertex.getLayer().getMaskArray());
    }
    network.clearLayerMaskArrays();
    return masks;
  }

  /** Returns the input of each layer, by its name. */
  private static Map<String, INDArray> inputs(
      ComputationGraph network, List<GraphVertex> layers, INDArray tokens, INDArray mask) {
    Map<String, INDArray> activations = new LinkedHashMap<>();
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    for (GraphVertex vertex : layers) {
      String name = vertex.getVertexName();
      String below = network.getConfiguration().getVertexInputs().get(name).get(0);
      if (network.getConfiguration().getNetworkInputs().contains(below)) {
        inputs.put(name, tokens);
        continue;
      }
      if (activations.isEmpty()) {
        activations.putAll(activations(network, tokens, mask));
      }
      inputs.put(name, activations.get(below));
    }
    return inputs;
  }

  private static Map<String, INDArray> activations(
      ComputationGraph network, INDArray tokens, INDArray mask) {
    if (mask != null) {
      network.setLayerMaskArrays(new INDArray[] {mask}, null);
    }
    try {
      return network.feedForward(new INDArray[] {tokens}, false);
    } finally {
      network.clearLayerMaskArrays();
    }
  }

  /**
   * Holds the norms of the gradient of a batch's loss, with dropout and without regularisation:
   * they are near 0 where nothing is learned, and grow where training is about to diverge.
   *
   * @param byParameter L2 norm for each parameter, named as DL4J names it, such as {@code
   *     encoder_block0.attention.in.weight}
   * @param byPart the same for all parameters of a layer, an encoder's by its parts, such as {@code
   *     encoder.tokens}, {@code encoder.block0}, {@code encoder.pooling}
   */
  public record GradientNorms(Map<String, Double> byParameter, Map<String, Double> byPart) {}

  /**
   * Computes the gradient norms of a batch without a training step.
   *
   * @param network built by {@link Networks}, or any other
   * @param batch with its labels and all masks
   */
  public static GradientNorms gradientNorms(ComputationGraph network, MultiDataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    try {
      network.computeGradientAndScore();
      Map<String, Double> byParameter = new LinkedHashMap<>();
      Map<String, Double> squares = new LinkedHashMap<>();
      network
          .gradient()
          .gradientForVariable()
          .forEach(
              (name, gradient) -> {
                double norm = gradient.norm2Number().doubleValue() / batch.getFeatures(0).size(0);
                byParameter.put(name, norm);
                squares.merge(part(network, name), norm * norm, Double::sum);
              });
      squares.replaceAll((part, square) -> Math.sqrt(square));
      return new GradientNorms(byParameter, squares);
    } finally {
      network.clearLayerMaskArrays();
      network.clear();
    }
  }

  /**
   * Returns the part of a network that has a parameter, whose name is layer, {@code _}, parameter.
   */
  private static String part(ComputationGraph network, String name) {
    int cut = name.lastIndexOf('_');
    String layer = name.substring(0, cut);
    return network.getLayer(layer) instanceof AttendingLayer
        ? layer + "." + name.substring(cut + 1).split("\\.", 2)[0]
        : layer;
  }
}
