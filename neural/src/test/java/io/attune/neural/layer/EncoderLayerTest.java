package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderCase;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.network.Introspection;
import io.attune.neural.network.Networks;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Tests every backend against the same rules. */
class EncoderLayerTest {
  private static final int VOCABULARY = 40;
  private static final int MAX_TOKENS = 8;
  private static final int ROWS = 5;

  private static ComputationGraph network(BackendChoice choice) {
    EncoderLayer encoder =
        new EncoderLayer.Builder()
            .nIn(VOCABULARY)
            .nOut(16)
            .maxTokens(MAX_TOKENS)
            .blocks(2)
            .heads(2)
            .feedForward(32)
            .seed(5)
            .backend(choice)
            .build();
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs(Networks.INPUT)
                .addLayer(Networks.ENCODER, encoder, Networks.INPUT)
                .addLayer(
                    "label",
                    new OutputLayer.Builder(new LossMCXENT())
                        .nIn(16)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    Networks.ENCODER)
                .setOutputs("label")
                .build());
    network.init();
    return network;
  }

  private static INDArray tokens(int time, int rubbish) {
    Random random = new Random(3);
    INDArray tokens = Nd4j.zeros(ROWS, time);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < time; column++) {
        int id = column < length(row) ? random.nextInt(VOCABULARY) : rubbish;
        tokens.putScalar(row, column, id);
      }
    }
    return tokens;
  }

  /** Returns the number of real tokens of a row. */
  private static int length(int row) {
    return new int[] {5, 1, 0, 4, 2}[row];
  }

  private static INDArray mask(int time) {
    INDArray mask = Nd4j.zeros(ROWS, time);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < length(row); column++) {
        mask.putScalar(row, column, 1);
      }
    }
    return mask;
  }

  private static INDArray output(ComputationGraph network, INDArray tokens, INDArray mask) {
    return network.output(false, new INDArray[] {tokens}, new INDArray[] {mask})[0];
  }

  private static double distance(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void paddingChangesNothingWhateverStandsThere(BackendChoice choice) {
    ComputationGraph network = network(choice);
    INDArray expected = output(network, tokens(5, 0), mask(5));

    INDArray longer = output(network, tokens(5, 0), mask(5));
    INDArray padded = Nd4j.valueArrayOf(new long[] {ROWS, 8}, -7.0, DataType.FLOAT);
    padded
        .get(
            org.nd4j.linalg.indexing.NDArrayIndex.all(),
            org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 5))
        .assign(tokens(5, 0));
    INDArray rubbish = output(network, padded, mask(8));

    assertThat(distance(longer, expected)).isZero();
    assertThat(distance(rubbish, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void permutingABatchPermutesTheResult(BackendChoice choice) {
    ComputationGraph network = network(choice);
    int[] order = {3, 0, 4, 2, 1};
    INDArray tokens = tokens(5, 0);
    INDArray mask = mask(5);

    INDArray permuted =
        output(network, Nd4j.pullRows(tokens, 1, order), Nd4j.pullRows(mask, 1, order));

    INDArray expected = Nd4j.pullRows(output(network, tokens, mask), 1, order);
    assertThat(distance(permuted, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void theOrderOfTokensMatters(BackendChoice choice) {
    ComputationGraph network = network(choice);
    INDArray one = Nd4j.createFromArray(new float[][] {{1, 2, 3}});
    INDArray other = Nd4j.createFromArray(new float[][] {{3, 2, 1}});

    assertThat(distance(output(network, one, null), output(network, other, null)))
        .isGreaterThan(1e-4);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void attentionSumsToOneOverRealTokensAndIsNothingAtPadding(BackendChoice choice) {
    Attention attention = Introspection.attention(network(choice), tokens(6, 0), mask(6));

    assertThat(attention.blocks()).hasSize(2);
    for (int row = 0; row < ROWS; row++) {
      assertWeights(attention.pooling()[row], length(row));
      for (float[][][][] block : attention.blocks()) {
        for (float[][] head : block[row]) {
          for (int query = 0; query < 6; query++) {
            assertWeights(head[query], query < length(row) ? length(row) : 0);
          }
        }
      }
    }
  }

  private static void assertWeights(float[] weights, int length) {
    double sum = 0;
    for (int column = 0; column < weights.length; column++) {
      sum += weights[column];
      if (column >= length) {
        assertThat(weights[column]).isZero();
      }
    }
    assertThat(sum).isCloseTo(length == 0 ? 0 : 1, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void entropyLiesBetweenCertaintyAndIndifference(BackendChoice choice) {
    Attention attention = Introspection.attention(network(choice), tokens(6, 0), mask(6));

    double[] pooling = attention.poolingEntropy();
    assertThat(pooling[1]).isCloseTo(0, within(1e-6));
    assertThat(pooling[2]).isZero();
    assertThat(pooling[0]).isBetween(0.1, Math.log(5) + 1e-6);
    assertThat(attention.headEntropy(1)).hasSize(2);
    assertThat(attention.headEntropy(1)[0]).isBetween(0.1, Math.log(5));
  }

  @Test
  void allBackendsSeeTheSame() {
    Attention reference =
        Introspection.attention(network(BackendChoice.ND4J), tokens(6, 0), mask(6));
    for (BackendChoice choice : List.of(BackendChoice.CPU_SCALAR, BackendChoice.CPU_VECTOR)) {
      Attention other = Introspection.attention(network(choice), tokens(6, 0), mask(6));
      for (int row = 0; row < ROWS; row++) {
        assertThat(other.pooling()[row]).containsExactly(reference.pooling()[row], within(1e-5f));
      }
    }
  }

  @Test
  void refusesHeadsThatDoNotDivideTheWidth() {
    assertThatThrownBy(() -> new EncoderLayer.Builder().nIn(9).nOut(10).heads(3).build())
        .hasMessage("EncoderLayer: heads must divide the width, got 3 heads and width 10");
  }

  @Test
  void refusesATokenOutsideTheVocabulary() {
    INDArray tokens = tokens(5, 0);
    tokens.putScalar(0, 2, 40);
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens, mask(5)))
        .hasMessage(
            "layer 'encoder': token ids must be whole numbers in [0, 40), the vocabulary;"
                + " got 40.0 in row 0, column 2 of tokens [5, 5]");
  }

  @Test
  void refusesATokenThatIsNoNumber() {
    INDArray tokens = tokens(5, 0);
    tokens.putScalar(3, 1, Float.NaN);
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens, mask(5)))
        .hasMessageContaining("layer 'encoder'")
        .hasMessageContaining("got NaN in row 3, column 1");
  }

  @Test
  void refusesAMaskOfAnotherShape() {
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens(5, 0), mask(6)))
        .hasMessage(
            "layer 'encoder': the mask must have the shape of the tokens [5, 5], got [5, 6]");
  }

  @Test
  void refusesAMaskThatIsNeitherZeroNorOne() {
    INDArray mask = mask(5);
    mask.putScalar(1, 4, 0.5);
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens(5, 0), mask))
        .hasMessage("layer 'encoder': the mask must be 0 or 1, got 0.5 in row 1, column 4");
  }

  @Test
  void refusesARowLongerThanTheModelKnows() {
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens(9, 0), mask(9)))
        .hasMessage("layer 'encoder': rows must have at most 8 tokens, got tokens of shape [5, 9]");
  }

  @Test
  void refusesTokensOfAnotherRank() {
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), Nd4j.zeros(5, 3, 5), null))
        .hasMessage("layer 'encoder': tokens must have the shape [batch, time], got [5, 3, 5]");
  }

  @Test
  void readsJsonOfAVersionWithoutTheEmbeddingNorm() {
    ComputationGraphConfiguration configuration = network(BackendChoice.AUTO).getConfiguration();
    String now = configuration.toJson();
    String then =
        now.replaceAll("\"(embeddingNorm|normEpsilon|embeddingDropout)\" : [^,]*,\\s*", "");
    assertThat(then).hasSizeLessThan(now.length() - 60);

    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(then);

    assertThat(read).isEqualTo(configuration);
  }

  @Test
  void takesAllFromAShape() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 24)
            .vocabulary(30)
            .maxTokens(70)
            .blocks(3)
            .heads(6)
            .feedForward(40)
            .norm(Norm.POST)
            .normEpsilon(1e-12)
            .activation(FeedForwardActivation.RELU)
            .positions(Positions.SINUSOIDAL)
            .embeddingNorm(true)
            .pooling(Pooling.FIRST)
            .build();
    EncoderShape stem =
        EncoderShape.builder(EncoderShape.Part.STEM, 24)
            .vocabulary(30)
            .maxTokens(70)
            .blocks(2)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .build();
    EncoderShape stack =
        EncoderShape.builder(EncoderShape.Part.STACK, 24).blocks(1).pooling(Pooling.FIRST).build();

    assertThat(new EncoderLayer.Builder().shape(shape).build().shape()).isEqualTo(shape);
    assertThat(new EncoderStemLayer.Builder().shape(stem).build().shape()).isEqualTo(stem);
    assertThat(new EncoderStackLayer.Builder().shape(stack).build().shape()).isEqualTo(stack);
    assertThatThrownBy(() -> new EncoderLayer.Builder().shape(stack))
        .hasMessageStartingWith("the shape must be of part WHOLE, got EncoderShape[part=STACK");
  }

  @Test
  void memoryStaysTheSameOverManySteps() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 16)
            .vocabulary(VOCABULARY)
            .maxTokens(MAX_TOKENS)
            .blocks(1)
            .heads(2)
            .feedForward(16)
            .norm(Norm.PRE)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .pooling(Pooling.ATTENTION)
            .build();
    EncoderBackend encoder =
        EncoderBackends.create("encoder", shape, DataType.FLOAT, BackendChoice.AUTO);
    EncoderCase given = EncoderCase.of(shape, 4);
    for (int warm = 0; warm < 50; warm++) {
      given.by(encoder, DataType.FLOAT);
    }
    INDArray parameters = Nd4j.zeros(EncoderLayout.of(shape).length());
    INDArray gradient = parameters.dup();
    INDArray pooled = Nd4j.zeros(given.tokens().length, 16);
    TokenBatch batch = given.batch();
    long before = org.bytedeco.javacpp.Pointer.totalBytes();

    for (int step = 0; step < 10_000; step++) {
      encoder.forward(batch, EncoderBackend.Pass.TRACE, parameters, pooled);
      encoder.backward(pooled, gradient);
    }

    assertThat(org.bytedeco.javacpp.Pointer.totalBytes()).isLessThanOrEqualTo(before);
  }
}
