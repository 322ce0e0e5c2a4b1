package io.attune.neural.layer;

import static io.attune.neural.layer.EncoderParts.ROWS;
import static io.attune.neural.layer.EncoderParts.VOCABULARY;
import static io.attune.neural.layer.EncoderParts.WIDTH;
import static io.attune.neural.layer.EncoderParts.batch;
import static io.attune.neural.layer.EncoderParts.distance;
import static io.attune.neural.layer.EncoderParts.input;
import static io.attune.neural.layer.EncoderParts.mask;
import static io.attune.neural.layer.EncoderParts.network;
import static io.attune.neural.layer.EncoderParts.output;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.Pooling;
import io.attune.neural.layer.EncoderParts.Which;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Tests parts of an encoder together with others and within DL4J's networks. */
class EncoderCompositionTest {

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
    return labelled(
        new NeuralNetConfiguration.Builder()
            .updater(new Sgd(0.5))
            .graphBuilder()
            .addInputs("in")
            .addLayer("encoder", encoder, "in"),
        "encoder");
  }

  private static ComputationGraph chained() {
    return labelled(
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

  private static ComputationGraph labelled(GraphBuilder graph, String last) {
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
        labelled(
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
