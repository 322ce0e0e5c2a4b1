package io.attune.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.attune.neural.encoder.Attention;
import io.attune.neural.layer.EncoderStackLayer;
import io.attune.neural.layer.EncoderStemLayer;
import io.attune.neural.layer.MultiHeadAttentionLayer;
import io.attune.neural.layer.TokenEmbeddingLayer;
import io.attune.neural.layer.TokenPoolingLayer;
import io.attune.neural.layer.TransformerBlockLayer;
import io.attune.neural.network.Introspection.GradientNorms;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class IntrospectionTest {
  private static final INDArray TOKENS =
      Nd4j.createFromArray(new float[][] {{1, 2, 3, 0}, {4, 5, 0, 0}, {6, 1, 2, 3}});
  private static final INDArray MASK =
      Nd4j.createFromArray(new float[][] {{1, 1, 1, 0}, {1, 1, 0, 0}, {1, 1, 1, 1}});

  private static OutputLayer label() {
    return new OutputLayer.Builder(new LossMCXENT())
        .nIn(8)
        .nOut(2)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static ComputationGraph composed() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .updater(new Sgd(1))
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "embedding", new TokenEmbeddingLayer.Builder().nIn(9).nOut(8).build(), "in")
                .addLayer(
                    "block_a",
                    new TransformerBlockLayer.Builder().nIn(8).heads(2).feedForward(8).build(),
                    "embedding")
                .addLayer(
                    "attention",
                    new MultiHeadAttentionLayer.Builder().nIn(8).heads(4).build(),
                    "block_a")
                .addLayer("pool", new TokenPoolingLayer.Builder().nIn(8).build(), "attention")
                .addLayer("label", label(), "pool")
                .setOutputs("label")
                .build());
    network.init();
    return network;
  }

  private static MultiDataSet batch() {
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}});
    return new MultiDataSet(
        new INDArray[] {TOKENS}, new INDArray[] {labels}, new INDArray[] {MASK}, null);
  }

  @Test
  void readsEveryAttentionLayerOfAGraph() {
    Attention attention = Introspection.attention(composed(), TOKENS, MASK);

    assertThat(attention.blocks()).hasSize(2);
    assertThat(attention.blocks().get(0)[0]).hasDimensions(2, 4);
    assertThat(attention.blocks().get(1)[0]).hasDimensions(4, 4);
    for (float[][][][] block : attention.blocks()) {
      for (float[][] head : block[0]) {
        assertThat((double) head[1][0] + head[1][1] + head[1][2]).isCloseTo(1, within(1e-5));
        assertThat(head[1][3]).isZero();
        assertThat(head[3]).containsOnly(0);
      }
    }
    assertThat((double) attention.pooling()[1][0] + attention.pooling()[1][1])
        .isCloseTo(1, within(1e-5));
    assertThat(attention.pooling()[1][2]).isZero();
  }

  @Test
  void readsAnEncoderThatIsSplit() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "stem",
                    new EncoderStemLayer.Builder().nIn(9).nOut(8).blocks(2).heads(2).build(),
                    "in")
                .addLayer("stack", new EncoderStackLayer.Builder().nIn(8).heads(4).build(), "stem")
                .addLayer("label", label(), "stack")
                .setOutputs("label")
                .build());
    network.init();

    Attention attention = Introspection.attention(network, TOKENS, MASK);

    assertThat(attention.blocks()).hasSize(3);
    assertThat(attention.blocks().get(1)[0]).hasDimensions(2, 4);
    assertThat(attention.blocks().get(2)[0]).hasDimensions(4, 4);
    assertThat((double) attention.pooling()[1][0] + attention.pooling()[1][1])
        .isCloseTo(1, within(1e-5));
  }

  @Test
  void readsWithoutAMask() {
    Attention attention = Introspection.attention(composed(), TOKENS, null);

    assertThat(attention.pooling()[1][3]).isPositive();
  }

  @Test
  void refusesANetworkWithoutAttention() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("label", label(), "in")
                .setOutputs("label")
                .build());
    network.init();
    assertThatThrownBy(() -> Introspection.attention(network, Nd4j.zeros(1, 8), null))
        .hasMessage("the network has no attention layer to read");
  }

  @Test
  void headsThatAttendAlikeAreSimilarAndHeadsApartAreNot() {
    float[][] first = {{1, 0, 0}, {0.5f, 0.5f, 0}, {0, 0, 0}};
    float[][] same = {{1, 0, 0}, {0.5f, 0.5f, 0}, {0, 0, 0}};
    float[][] apart = {{0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
    float[][] half = {{1, 0, 0}, {0, 0, 1}, {0, 0, 0}};
    Attention attention =
        new Attention(
            new float[1][3],
            List.<float[][][][]>of(new float[][][][] {{first, same, apart, half}}));

    double[][] similarity = attention.headSimilarity(0);

    assertThat(similarity[0]).containsExactly(new double[] {1, 1, 0, 0.5}, within(1e-6));
    assertThat(similarity[3][0]).isEqualTo(similarity[0][3]);
  }

  @Test
  void similarityOfHalfSharedWeightIsTheDivergenceOfLin() {
    // Mean (0.75, 0.25): entropy 0.811278 bits, less half of one bit.
    float[][] one = {{1, 0}, {0, 0}};
    float[][] other = {{0.5f, 0.5f}, {0, 0}};
    Attention attention =
        new Attention(new float[1][2], List.<float[][][][]>of(new float[][][][] {{one, other}}));

    assertThat(attention.headSimilarity(0)[0][1]).isCloseTo(1 - 0.311278, within(1e-5));
  }

  @Test
  void gradientNormsAreThoseOfTheStepThatTrainingWouldTake() {
    ComputationGraph network = composed();
    INDArray before = network.params().dup();

    GradientNorms norms = Introspection.gradientNorms(network, batch());

    assertThat(network.params()).isEqualTo(before);
    assertThat(network.getIterationCount()).isZero();
    ComputationGraph trained = composed();
    trained.fit(batch());
    for (Map.Entry<String, INDArray> parameter : trained.paramTable().entrySet()) {
      INDArray step = parameter.getValue().sub(network.getParam(parameter.getKey()));
      assertThat(norms.byParameter().get(parameter.getKey()))
          .as(parameter.getKey())
          .isCloseTo(
              step.norm2Number().doubleValue(),
              within(1e-5 * Math.max(1, step.norm2Number().doubleValue())));
    }
    assertThat(norms.byPart())
        .containsOnlyKeys(
            "embedding.tokens",
            "embedding.positions",
            "block_a.block0",
            "attention.block0",
            "pool.pooling",
            "label");
    double all = norms.byPart().values().stream().mapToDouble(norm -> norm * norm).sum();
    double expected = trained.params().sub(before).norm2Number().doubleValue();
    assertThat(Math.sqrt(all)).isCloseTo(expected, withinPercentage(0.01));
  }
}
