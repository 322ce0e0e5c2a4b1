package io.attune.neural.layer;

import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Makes networks and batches for tests of every part of an encoder, as a layer among DL4J's own.
 */
final class EncoderParts {
  static final int WIDTH = 8;
  static final int ROWS = 5;
  static final int VOCABULARY = 12;
  static final int[] LENGTHS = {5, 1, 0, 4, 2};

  /**
   * Names the layers, each in a network with a recurrent layer before it if its input is vectors.
   */
  enum Which {
    EMBEDDING,
    SINUSOIDAL,
    ATTENTION,
    BLOCK,
    POST_NORM_BLOCK,
    NORM,
    ATTENTION_POOLING,
    MEAN_POOLING,
    FIRST_POOLING,
    STEM,
    STACK,
    POST_NORM_STACK;

    AbstractEncoderLayer layer() {
      return layer(WIDTH);
    }

    AbstractEncoderLayer layer(int width) {
      return switch (this) {
        case EMBEDDING ->
            new TokenEmbeddingLayer.Builder().nIn(VOCABULARY).nOut(width).maxTokens(9).build();
        case SINUSOIDAL ->
            new TokenEmbeddingLayer.Builder()
                .nIn(VOCABULARY)
                .nOut(width)
                .positions(Positions.SINUSOIDAL)
                .build();
        case ATTENTION -> new MultiHeadAttentionLayer.Builder().heads(2).build();
        case BLOCK -> new TransformerBlockLayer.Builder().heads(2).feedForward(6).build();
        case POST_NORM_BLOCK ->
            new TransformerBlockLayer.Builder()
                .heads(4)
                .feedForward(6)
                .norm(Norm.POST)
                .feedForwardActivation(FeedForwardActivation.GELU)
                .build();
        case NORM -> new LayerNormLayer.Builder().build();
        case ATTENTION_POOLING -> new TokenPoolingLayer.Builder().build();
        case MEAN_POOLING -> new TokenPoolingLayer.Builder().pooling(Pooling.MEAN).build();
        case FIRST_POOLING -> new TokenPoolingLayer.Builder().pooling(Pooling.FIRST).build();
        case STEM ->
            new EncoderStemLayer.Builder()
                .nIn(VOCABULARY)
                .nOut(width)
                .maxTokens(9)
                .heads(2)
                .feedForward(6)
                .norm(Norm.POST)
                .embeddingNorm(true)
                .normEpsilon(1e-12)
                .build();
        case STACK -> new EncoderStackLayer.Builder().blocks(2).heads(2).feedForward(6).build();
        case POST_NORM_STACK ->
            new EncoderStackLayer.Builder()
                .heads(4)
                .feedForward(6)
                .norm(Norm.POST)
                .normEpsilon(1e-12)
                .pooling(Pooling.MEAN)
                .build();
      };
    }

    boolean pools() {
      return name().endsWith("POOLING") || name().endsWith("STACK");
    }
  }

  private static ComputationGraphConfiguration configuration(
      AbstractEncoderLayer layer, int width, NeuralNetConfiguration.Builder builder) {
    boolean tokens = layer.takesTokens();
    GraphBuilder graph = builder.seed(3).graphBuilder().addInputs("in");
    if (!tokens) {
      graph.addLayer(
          "below", new SimpleRnn.Builder().nOut(width).activation(Activation.TANH).build(), "in");
    }
    graph.addLayer("part", (Layer) layer.clone(), tokens ? "in" : "below");
    String last = "part";
    if (!(layer instanceof TokenPoolingLayer || layer instanceof EncoderStackLayer)) {
      graph.addLayer("pool", new TokenPoolingLayer.Builder().build(), "part");
      last = "pool";
    }
    return graph
        .addLayer(
            "label",
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            last)
        .setOutputs("label")
        .setInputTypes(tokens ? InputType.feedForward(5) : InputType.recurrent(4))
        .build();
  }

  static ComputationGraph network(
      AbstractEncoderLayer layer, int width, NeuralNetConfiguration.Builder by) {
    ComputationGraph network = new ComputationGraph(configuration(layer, width, by));
    network.init();
    return network;
  }

  static ComputationGraph network(AbstractEncoderLayer layer) {
    return network(layer, WIDTH, new NeuralNetConfiguration.Builder().updater(new Adam(0.02)));
  }

  /**
   * Returns the input, with the given value at padding, which a layer before the part reads too.
   */
  static INDArray input(AbstractEncoderLayer layer, int time, double rubbish) {
    Random random = new Random(1);
    INDArray input =
        layer.takesTokens()
            ? Nd4j.valueArrayOf(new long[] {ROWS, time}, rubbish)
            : Nd4j.valueArrayOf(new long[] {ROWS, 4, time}, rubbish);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < LENGTHS[row]; column++) {
        if (layer.takesTokens()) {
          input.putScalar(row, column, random.nextInt(VOCABULARY));
        }
        for (int c = 0; c < 4 && !layer.takesTokens(); c++) {
          input.putScalar(row, c, column, random.nextGaussian());
        }
      }
    }
    return input;
  }

  static INDArray mask(int time) {
    INDArray mask = Nd4j.zeros(ROWS, time);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < LENGTHS[row]; column++) {
        mask.putScalar(row, column, 1);
      }
    }
    return mask;
  }

  static MultiDataSet batch(AbstractEncoderLayer layer) {
    INDArray labels = Nd4j.zeros(ROWS, 3);
    for (int row = 0; row < ROWS; row++) {
      labels.putScalar(row, row % 3, 1);
    }
    return new MultiDataSet(
        new INDArray[] {input(layer, 5, 0)},
        new INDArray[] {labels},
        new INDArray[] {mask(5)},
        null);
  }

  static INDArray output(ComputationGraph network, INDArray input, INDArray mask) {
    return network.output(false, new INDArray[] {input}, new INDArray[] {mask})[0];
  }

  static double distance(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }

  private EncoderParts() {}
}
