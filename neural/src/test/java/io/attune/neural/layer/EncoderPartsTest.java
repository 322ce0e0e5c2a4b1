package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Every part of an encoder, as a layer among DL4J's own. */
class EncoderPartsTest {
  static final int WIDTH = 8;
  static final int ROWS = 5;
  private static final int VOCABULARY = 12;
  private static final int[] LENGTHS = {5, 1, 0, 4, 2};

  /** The layers, each in a network with a recurrent layer before it where that can be. */
  enum Which {
    EMBEDDING,
    SINUSOIDAL,
    ATTENTION,
    BLOCK,
    POST_NORM_BLOCK,
    NORM,
    ATTENTION_POOLING,
    MEAN_POOLING,
    FIRST_POOLING;

    AbstractEncoderLayer layer() {
      return switch (this) {
        case EMBEDDING ->
            new TokenEmbeddingLayer.Builder().nIn(VOCABULARY).nOut(WIDTH).maxTokens(9).build();
        case SINUSOIDAL ->
            new TokenEmbeddingLayer.Builder()
                .nIn(VOCABULARY)
                .nOut(WIDTH)
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
      };
    }

    boolean pools() {
      return name().endsWith("POOLING");
    }
  }

  private static ComputationGraphConfiguration configuration(
      AbstractEncoderLayer layer, NeuralNetConfiguration.Builder builder) {
    boolean tokens = layer.takesTokens();
    GraphBuilder graph = builder.seed(3).graphBuilder().addInputs("in");
    if (!tokens) {
      graph.addLayer(
          "below", new SimpleRnn.Builder().nOut(WIDTH).activation(Activation.TANH).build(), "in");
    }
    graph.addLayer("part", (Layer) layer.clone(), tokens ? "in" : "below");
    String last = "part";
    if (!(layer instanceof TokenPoolingLayer)) {
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

  private static ComputationGraph network(
      AbstractEncoderLayer layer, NeuralNetConfiguration.Builder by) {
    ComputationGraph network = new ComputationGraph(configuration(layer, by));
    network.init();
    return network;
  }

  static ComputationGraph network(AbstractEncoderLayer layer) {
    return network(layer, new NeuralNetConfiguration.Builder().updater(new Adam(0.02)));
  }

  /** What goes in, with rubbish at padding, which a layer before the part would see too. */
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

  private static MultiDataSet batch(AbstractEncoderLayer layer) {
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

  private static INDArray output(ComputationGraph network, INDArray input, INDArray mask) {
    return network.output(false, new INDArray[] {input}, new INDArray[] {mask})[0];
  }

  private static double distance(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void gradientsPassTheChecksOfDl4j(Which which) {
    GradientChecks.requireRight(
        () ->
            new GradientChecks.Case(
                network(
                    which.layer(),
                    new NeuralNetConfiguration.Builder()
                        .dataType(DataType.DOUBLE)
                        .updater(new Sgd(1))
                        .l2(0.1)
                        .l1(0.05)),
                batch(which.layer())),
        3);
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void paddingChangesNothing(Which which) {
    ComputationGraph network = network(which.layer());
    INDArray expected = output(network, input(which.layer(), 5, 0), mask(5));

    INDArray padded = output(network, input(which.layer(), 8, 0.7), mask(8));

    assertThat(distance(padded, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void permutingABatchPermutesTheResult(Which which) {
    ComputationGraph network = network(which.layer());
    int[] order = {3, 0, 4, 2, 1};
    INDArray input = input(which.layer(), 5, 0);
    INDArray permuted = input.dup();
    INDArray mask = mask(5);
    INDArray permutedMask = mask.dup();
    for (int row = 0; row < ROWS; row++) {
      permuted.slice(row).assign(input.slice(order[row]));
      permutedMask.slice(row).assign(mask.slice(order[row]));
    }

    INDArray result = output(network, permuted, permutedMask);

    INDArray expected = Nd4j.pullRows(output(network, input, mask), 1, order);
    assertThat(distance(result, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void comesBackFromDiskBitByBit(Which which) throws IOException {
    ComputationGraph network = network(which.layer());
    MultiDataSet batch = batch(which.layer());
    network.fit(batch);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);

    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(restored.getConfiguration()).isEqualTo(network.getConfiguration());
    assertThat(restored.params()).isEqualTo(network.params());
    restored.fit(batch);
    network.fit(batch);
    assertThat(restored.params()).isEqualTo(network.params());
    assertThat(output(restored, batch.getFeatures(0), mask(5)))
        .isEqualTo(output(network, batch.getFeatures(0), mask(5)));
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void learnsOneBatchByHeart(Which which) {
    ComputationGraph network = network(which.layer());
    MultiDataSet batch = batch(which.layer());

    for (int step = 0; step < 150; step++) {
      network.fit(batch);
    }

    // The row without a token knows only how frequent each label is.
    INDArray answers = output(network, batch.getFeatures(0), mask(5));
    for (int row : new int[] {0, 1, 3, 4}) {
      assertThat(answers.getDouble(row, row % 3)).isGreaterThan(0.8);
    }
  }

  @ParameterizedTest
  @EnumSource(Which.class)
  void hasItsMaskAndItsShapeAtTheBorders(Which which) {
    ComputationGraph network = network(which.layer());
    network.setLayerMaskArrays(new INDArray[] {mask(5)}, null);
    INDArray next = network.getLayer(which.pools() ? "label" : "pool").getMaskArray();

    Map<String, INDArray> all =
        network.feedForward(new INDArray[] {input(which.layer(), 5, 0.5)}, false);

    INDArray part = all.get("part");
    if (which.pools()) {
      assertThat(part.shape()).containsExactly(ROWS, WIDTH);
      assertThat(part.getRow(2).amaxNumber().doubleValue()).isZero();
      assertThat(next).isNull();
    } else {
      assertThat(part.shape()).containsExactly(ROWS, WIDTH, 5);
      assertThat(part.mul(mask(5).rsub(1).reshape(ROWS, 1, 5).broadcast(part.shape())))
          .satisfies(padding -> assertThat(padding.amaxNumber().doubleValue()).isZero());
      assertThat(next).isEqualTo(mask(5));
    }
  }

  @Test
  void partsInARowAreTheWholeEncoder() {
    ComputationGraph whole = fused();
    ComputationGraph parts = chained();
    for (Map.Entry<String, INDArray> parameter : parts.paramTable().entrySet()) {
      parameter.getValue().assign(whole.getParam(nameInTheWhole(parameter.getKey())));
    }
    INDArray tokens = input(Which.EMBEDDING.layer(), 5, 0);
    MultiDataSet batch = batch(Which.EMBEDDING.layer());

    assertThat(distance(output(parts, tokens, mask(5)), output(whole, tokens, mask(5))))
        .isLessThan(1e-6);
    whole.fit(batch);
    parts.fit(batch);
    for (Map.Entry<String, INDArray> parameter : parts.paramTable().entrySet()) {
      INDArray expected = whole.getParam(nameInTheWhole(parameter.getKey()));
      assertThat(distance(parameter.getValue(), expected)).as(parameter.getKey()).isLessThan(1e-6);
    }
  }

  private static String nameInTheWhole(String name) {
    return name.replaceFirst("^first_block0", "encoder_block0")
        .replaceFirst("^second_block0", "encoder_block1")
        .replaceFirst("^(tokens|norm|pool)_", "encoder_");
  }

  private static ComputationGraph fused() {
    EncoderLayer encoder =
        new EncoderLayer.Builder()
            .nIn(VOCABULARY)
            .nOut(WIDTH)
            .blocks(2)
            .heads(2)
            .feedForward(6)
            .build();
    return network(
        new NeuralNetConfiguration.Builder()
            .updater(new Sgd(0.5))
            .graphBuilder()
            .addInputs("in")
            .addLayer("encoder", encoder, "in"),
        "encoder");
  }

  private static ComputationGraph chained() {
    return network(
        new NeuralNetConfiguration.Builder()
            .updater(new Sgd(0.5))
            .graphBuilder()
            .addInputs("in")
            .addLayer(
                "tokens",
                new TokenEmbeddingLayer.Builder().nIn(VOCABULARY).nOut(WIDTH).build(),
                "in")
            .addLayer("first", block(), "tokens")
            .addLayer("second", block(), "first")
            .addLayer("norm", new LayerNormLayer.Builder().nIn(WIDTH).build(), "second")
            .addLayer("pool", new TokenPoolingLayer.Builder().nIn(WIDTH).build(), "norm"),
        "pool");
  }

  private static TransformerBlockLayer block() {
    return new TransformerBlockLayer.Builder().nIn(WIDTH).heads(2).feedForward(6).build();
  }

  private static ComputationGraph network(GraphBuilder graph, String last) {
    OutputLayer label =
        new OutputLayer.Builder(new LossMCXENT())
            .nIn(WIDTH)
            .nOut(3)
            .activation(Activation.SOFTMAX)
            .build();
    ComputationGraph network =
        new ComputationGraph(graph.addLayer("label", label, last).setOutputs("label").build());
    network.init();
    return network;
  }

  @Test
  void workInAMultiLayerNetworkAndInEveryWorkspaceMode() {
    INDArray tokens = input(Which.EMBEDDING.layer(), 5, 0);
    INDArray labels = batch(Which.EMBEDDING.layer()).getLabels(0);
    INDArray[] parameters = new INDArray[2];
    for (WorkspaceMode mode : List.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)) {
      MultiLayerNetwork network = stack(mode);
      network.setLayerMaskArrays(mask(5), null);
      network.fit(tokens, labels, mask(5), null);
      parameters[mode == WorkspaceMode.NONE ? 0 : 1] = network.params();
      assertThat(network.output(tokens, false, mask(5), null).shape()).containsExactly(ROWS, 3);
    }
    assertThat(distance(parameters[0], parameters[1])).isLessThan(1e-7);
  }

  private static MultiLayerNetwork stack(WorkspaceMode mode) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .updater(new Sgd(0.1))
                .list()
                .layer(new TokenEmbeddingLayer.Builder().nIn(VOCABULARY).nOut(WIDTH).build())
                .layer(block())
                .layer(new LayerNormLayer.Builder().build())
                .layer(new TokenPoolingLayer.Builder().pooling(Pooling.MEAN).build())
                .layer(
                    new OutputLayer.Builder(new LossMCXENT())
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(5))
                .build());
    network.init();
    return network;
  }

  @Test
  void normalisesPlainVectorsToo() {
    ComputationGraph network =
        network(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("norm", new LayerNormLayer.Builder().nIn(WIDTH).build(), "in"),
            "norm");
    INDArray input = Nd4j.rand(DataType.FLOAT, 6, WIDTH).muli(5);

    INDArray normed = network.feedForward(new INDArray[] {input}, false).get("norm");

    assertThat(normed.shape()).containsExactly(6, WIDTH);
    assertThat(normed.mean(1).amaxNumber().doubleValue()).isLessThan(1e-5);
    assertThat(normed.std(false, 1).sub(1).amaxNumber().doubleValue()).isLessThan(1e-3);
  }

  @Test
  void dropoutIsTheSameForTheSameStepAndDiffersBetweenLayersOfOneKind() {
    TransformerBlockLayer dropping =
        new TransformerBlockLayer.Builder()
            .heads(2)
            .feedForward(6)
            .attentionDropout(0.3)
            .residualDropout(0.3)
            .feedForwardDropout(0.3)
            .build();
    ComputationGraph one = network(dropping);
    ComputationGraph two = network(dropping);
    ComputationGraph still = network(Which.BLOCK.layer());
    MultiDataSet batch = batch(dropping);

    one.fit(batch);
    two.fit(batch);
    still.fit(batch);

    assertThat(one.params()).isEqualTo(two.params());
    assertThat(one.params()).isNotEqualTo(still.params());
    TokenEmbeddingLayer embedding = (TokenEmbeddingLayer) Which.EMBEDDING.layer().clone();
    NeuralNetConfiguration configuration = new NeuralNetConfiguration.Builder().seed(1).build();
    embedding.setLayerName("a");
    long seed = embedding.seedIn(configuration);
    embedding.setLayerName("b");
    assertThat(embedding.seedIn(configuration)).isNotEqualTo(seed);
  }

  @Test
  void dropoutOfDl4jAppliesToVectorsThatGoIn() {
    LayerNormLayer dropping = new LayerNormLayer.Builder().dropOut(0.5).build();
    ComputationGraph network = network(dropping);
    INDArray input = input(dropping, 5, 0);
    network.setLayerMaskArrays(new INDArray[] {mask(5)}, null);

    INDArray training = network.feedForward(new INDArray[] {input}, true).get("part").dup();
    INDArray inference = network.feedForward(new INDArray[] {input}, false).get("part").dup();

    assertThat(distance(training, inference)).isGreaterThan(0.1);
    network.fit(batch(dropping));
    assertThat(network.params().isNaN().any()).isFalse();
  }
}
