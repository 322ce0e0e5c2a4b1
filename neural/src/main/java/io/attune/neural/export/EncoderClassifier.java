package io.attune.neural.export;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.layer.EncoderLayer;
import io.attune.neural.layer.EncoderLayerImpl;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.network.Networks;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds a classifier of texts: a whole encoder of BERT's form, and a softmax layer for each label
 * head over its pooled vector.
 */
public record EncoderClassifier(PretrainedEncoder encoder, List<Head> heads) {
  private static final String EXPORTABLE =
      "; models that were tuned from a pretrained encoder (model.encoder) can be exported";

  public EncoderClassifier {
    heads = List.copyOf(heads);
  }

  /**
   * Holds the layer of one label head.
   *
   * @param weight {@code [classes, width]}, by rows
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on at once; never compared.
  public record Head(LabelSets.Head labels, float[] weight, float[] bias) {
    /** Returns its name. */
    public String name() {
      return labels.name();
    }

    int classes() {
      return bias.length;
    }

    private Head scaled(double temperature) {
      return new Head(labels, divided(weight, temperature), divided(bias, temperature));
    }

    private static float[] divided(float[] values, double by) {
      float[] divided = new float[values.length];
      for (int i = 0; i < divided.length; i++) {
        divided[i] = (float) (values[i] / by);
      }
      return divided;
    }
  }

  /**
   * Takes the parameters out of a network.
   *
   * @param labels of the network's outputs, in their order
   * @throws Failure.BadUsage saying why, if the network has another form
   */
  public static EncoderClassifier of(ComputationGraph network, LabelSets labels) {
    EncoderLayerImpl encoder = encoder(network);
    whyNot(encoder.shape())
        .ifPresent(
            reason -> {
              throw new Failure.BadUsage("The network %s%s", reason, EXPORTABLE);
            });
    PretrainedEncoder parameters = new PretrainedEncoder(encoder.shape(), flat(encoder.params()));
    List<Head> heads = new ArrayList<>();
    for (LabelSets.Head head : labels.heads()) {
      heads.add(head(network, head));
    }
    return new EncoderClassifier(parameters, heads);
  }

  /**
   * Returns the classifier whose logits are these divided by a temperature for each head, in their
   * order.
   */
  public EncoderClassifier scaled(List<Double> temperatures) {
    return new EncoderClassifier(
        encoder,
        IntStream.range(0, heads.size())
            .mapToObj(head -> heads.get(head).scaled(temperatures.get(head)))
            .toList());
  }

  private static EncoderLayerImpl encoder(ComputationGraph network) {
    Layer layer = network.getLayer(Networks.ENCODER);
    boolean readsTokens =
        network
            .getConfiguration()
            .getNetworkInputs()
            .equals(network.getConfiguration().getVertexInputs().get(Networks.ENCODER));
    if (layer instanceof EncoderLayerImpl encoder
        && encoder.conf().getLayer() instanceof EncoderLayer
        && readsTokens) {
      return encoder;
    }
    throw new Failure.BadUsage(
        "The network is of %s, not of one encoder over token ids%s",
        layer == null ? "other layers" : layer.conf().getLayer().getClass().getSimpleName(),
        EXPORTABLE);
  }

  /** Returns why a shape is not that of a BERT, as an end of a sentence; empty if it is. */
  private static Optional<String> whyNot(EncoderShape shape) {
    if (PretrainedEncoder.isBert(shape)) {
      return Optional.empty();
    }
    List<String> differences = new ArrayList<>();
    differences.add("positions " + word(shape.positions()));
    differences.add(shape.embeddingNorm() ? "normed embeddings" : "embeddings without a norm");
    differences.add("norm " + word(shape.norm()));
    differences.add((shape.hasFeedForward() ? "" : "no ") + "feed-forward layers");
    return Optional.of(
        "has a vocabulary of its own and is not of BERT's form, which has learned positions, normed"
            + " embeddings, norm post and feed-forward layers; it has "
            + String.join(", ", differences));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Head head(ComputationGraph network, LabelSets.Head labels) {
    GraphVertex vertex = network.getVertex(labels.name());
    Layer layer = vertex == null ? null : vertex.getLayer();
    boolean isSoftmax =
        layer != null
            && layer.conf().getLayer() instanceof OutputLayer output
            && output.getActivationFn() instanceof ActivationSoftmax
            && List.of(Networks.ENCODER)
                .equals(network.getConfiguration().getVertexInputs().get(labels.name()));
    if (!isSoftmax) {
      throw new Failure.BadUsage(
          "The network's head '%s' is not one softmax layer over the encoder%s",
          labels.name(), EXPORTABLE);
    }
    INDArray weight = layer.getParam(DefaultParamInitializer.WEIGHT_KEY); // [width, classes]
    return new Head(
        labels, flat(weight.transpose()), flat(layer.getParam(DefaultParamInitializer.BIAS_KEY)));
  }

  /** Returns the values by rows. */
  private static float[] flat(INDArray values) {
    return values.dup('c').reshape(values.length()).toFloatVector();
  }

  /** Returns the shape of the encoder. */
  public EncoderShape shape() {
    return encoder.shape();
  }

  /** Returns a parameter of the learned pooling, by rows. */
  float[] pooling(String name) {
    Slot slot = EncoderLayout.of(shape()).slot(name);
    float[] values = new float[Math.toIntExact(slot.length())];
    System.arraycopy(
        encoder.parameters(), Math.toIntExact(slot.offset()), values, 0, values.length);
    return values;
  }

  /** Returns whether the pooling has parameters. */
  boolean hasLearnedPooling() {
    return shape().pooling() == Pooling.ATTENTION;
  }

  /**
   * Computes the probabilities in floats, whatever precision the network was trained in.
   *
   * @param rows of token ids, padded to the longest
   * @return {@code [row][head][class]}
   */
  public float[][][] probabilities(List<int[]> rows) {
    float[][] vectors =
        new StandaloneEncoder(
                shape(), Nd4j.createFromArray(encoder.parameters()), BackendChoice.AUTO)
            .encode(rows);
    float[][][] answers = new float[rows.size()][heads.size()][];
    for (int row = 0; row < answers.length; row++) {
      for (int head = 0; head < heads.size(); head++) {
        answers[row][head] = probabilities(vectors[row], heads.get(head));
      }
    }
    return answers;
  }

  private static float[] probabilities(float[] vector, Head head) {
    double[] exponentials = new double[head.classes()];
    double sum = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < exponentials.length; k++) {
      exponentials[k] = head.bias()[k];
      for (int i = 0; i < vector.length; i++) {
        exponentials[k] += (double) vector[i] * head.weight()[k * vector.length + i];
      }
      highest = Math.max(highest, exponentials[k]);
    }
    for (int k = 0; k < exponentials.length; k++) {
      exponentials[k] = Math.exp(exponentials[k] - highest);
      sum += exponentials[k];
    }
    float[] probabilities = new float[exponentials.length];
    for (int k = 0; k < exponentials.length; k++) {
      probabilities[k] = (float) (exponentials[k] / sum);
    }
    return probabilities;
  }
}
