package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.network.Introspection;
import io.attune.neural.network.Networks;
import io.attune.neural.ngram.NgramShape;
import io.attune.neural.optim.InPlaceUpdater;
import io.attune.neural.optim.LazyAdam;
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
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Tests every backend against the same rules. */
class NgramAttentionLayerTest {
  private static final NgramShape SHAPE = new NgramShape(40, 8, 3, 256, 16, 4);
  private static final int ROWS = 5;

  private static ComputationGraphConfiguration configuration(BackendChoice choice) {
    NgramAttentionLayer encoder =
        new NgramAttentionLayer.Builder(SHAPE)
            .dropout(Dropout.builder().word(0.2).embedding(0.5).output(0.3).build())
            .seed(5)
            .backend(choice)
            .tableUpdater(new LazyAdam(3e-3, 0.9, 0.98, 1e-8, 16))
            .build();
    return new NeuralNetConfiguration.Builder()
        .updater(new Adam(2e-3))
        .seed(4)
        .graphBuilder()
        .addInputs(Networks.INPUT)
        .addLayer(Networks.ENCODER, encoder, Networks.INPUT)
        .addLayer(
            "label",
            new OutputLayer.Builder(new LossMCXENT())
                .nIn(SHAPE.pooledWidth())
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            Networks.ENCODER)
        .setOutputs("label")
        .build();
  }

  private static ComputationGraph network(BackendChoice choice) {
    ComputationGraph network = new ComputationGraph(configuration(choice));
    network.init();
    return network;
  }

  /** Returns the number of real tokens of a row. */
  private static int length(int row) {
    return new int[] {5, 1, 0, 4, 2}[row];
  }

  private static INDArray tokens(int time) {
    Random random = new Random(3);
    INDArray tokens = Nd4j.zeros(ROWS, time);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < length(row); column++) {
        tokens.putScalar(row, column, random.nextInt(SHAPE.vocabulary()));
      }
    }
    return tokens;
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

  private static MultiDataSet batch() {
    INDArray labels = Nd4j.zeros(ROWS, 3);
    for (int row = 0; row < ROWS; row++) {
      labels.putScalar(row, row % 3, 1);
    }
    return new MultiDataSet(
        new INDArray[] {tokens(5)}, new INDArray[] {labels}, new INDArray[] {mask(5)}, null);
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
    INDArray expected = output(network, tokens(5), mask(5));
    INDArray padded = Nd4j.valueArrayOf(new long[] {ROWS, 8}, -7.0, DataType.FLOAT);
    padded.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)).assign(tokens(5));

    INDArray found = output(network, padded, mask(8));

    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void permutingABatchPermutesTheResult(BackendChoice choice) {
    ComputationGraph network = network(choice);
    int[] order = {3, 0, 4, 2, 1};

    INDArray permuted =
        output(network, Nd4j.pullRows(tokens(5), 1, order), Nd4j.pullRows(mask(5), 1, order));

    INDArray expected = Nd4j.pullRows(output(network, tokens(5), mask(5)), 1, order);
    assertThat(distance(permuted, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void theOrderOfTokensMatters(BackendChoice choice) {
    ComputationGraph network = network(choice);
    INDArray one = Nd4j.createFromArray(new float[][] {{1, 2, 3}});
    INDArray other = Nd4j.createFromArray(new float[][] {{3, 2, 1}});

    assertThat(distance(output(network, one, null), output(network, other, null)))
        .isGreaterThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource(BackendChoice.class)
  void attentionSumsToOneOverRealTokensAndIsNothingAtPadding(BackendChoice choice) {
    float[][] weights = Introspection.attention(network(choice), tokens(6), mask(6)).pooling();

    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int column = 0; column < 6; column++) {
        sum += weights[row][column];
        assertThat(weights[row][column] > 0).isEqualTo(column < length(row));
      }
      assertThat(sum).isCloseTo(length(row) == 0 ? 0 : 1, within(1e-5));
    }
    assertThat(Introspection.attention(network(choice), tokens(6), mask(6)).blocks()).isEmpty();
  }

  @Test
  void allBackendsTakeTheSameSteps() {
    ComputationGraph reference = network(BackendChoice.ND4J);
    ComputationGraph scalar = network(BackendChoice.CPU_SCALAR);
    ComputationGraph vector = network(BackendChoice.CPU_VECTOR);
    InPlaceUpdater.installIn(vector);
    for (int step = 0; step < 5; step++) {
      reference.fit(batch());
      scalar.fit(batch());
      vector.fit(batch());
    }

    assertThat(distance(scalar.params(), reference.params())).isLessThan(1e-4);
    assertThat(distance(vector.params(), reference.params())).isLessThan(1e-4);
  }

  @Test
  void trainingGivesTheSameBitsWithAnyNumberOfStepsBetween() {
    ComputationGraph one = network(BackendChoice.AUTO);
    ComputationGraph other = network(BackendChoice.AUTO);
    one.fit(batch());
    one.fit(batch());
    other.fit(batch());
    output(other, tokens(8), mask(8));
    Introspection.attention(other, tokens(6), mask(6));
    Introspection.gradientNorms(other, batch());
    other.fit(batch());

    assertThat(other.params()).isEqualTo(one.params());
    assertThat(other.getUpdater().getStateViewArray())
        .isEqualTo(one.getUpdater().getStateViewArray());
  }

  @Test
  void theGradientOfANetworkThatWasNeverTrainedIsNotLost() {
    for (BackendChoice choice : BackendChoice.values()) {
      Introspection.GradientNorms norms = Introspection.gradientNorms(network(choice), batch());

      assertThat(norms.byPart().get("encoder.tokens")).isPositive();
      assertThat(norms.byPart().get("encoder.ngrams")).isPositive();
    }
  }

  @Test
  void aStepMovesOnlyTheRowsOfItsBatch() {
    ComputationGraph network = network(BackendChoice.AUTO);
    INDArray before = network.getParam("encoder_ngrams").dup();

    network.fit(batch());

    INDArray moved = network.getParam("encoder_ngrams").sub(before);
    int rows = 0;
    for (int row = 0; row < SHAPE.buckets(); row++) {
      rows += moved.getRow(row).amaxNumber().doubleValue() > 0 ? 1 : 0;
    }
    assertThat(rows).isBetween(1, 2 * 12);
  }

  @Test
  void readsItsOwnJson() {
    ComputationGraphConfiguration configuration = configuration(BackendChoice.CPU_SCALAR);

    ComputationGraphConfiguration read =
        ComputationGraphConfiguration.fromJson(configuration.toJson());

    assertThat(read).isEqualTo(configuration).isNotEqualTo(configuration(BackendChoice.AUTO));
  }

  @Test
  void takesTheFirstAndTheLastIdOfTheVocabulary() {
    INDArray tokens = Nd4j.createFromArray(new float[][] {{0, 39, 0}});

    assertThat(output(network(BackendChoice.AUTO), tokens, null).sumNumber().doubleValue())
        .isCloseTo(1, within(1e-5));
  }

  @Test
  void refusesATokenOutsideTheVocabulary() {
    INDArray tokens = tokens(5);
    tokens.putScalar(0, 2, 40);
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens, mask(5)))
        .hasMessage(
            "layer 'encoder': token ids must be whole numbers in [0, 40), the vocabulary;"
                + " got 40.0 in row 0, column 2 of tokens [5, 5]");
    tokens.putScalar(0, 2, -1);
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens, mask(5)))
        .hasMessageContaining("got -1.0 in row 0, column 2");
  }

  @Test
  void refusesARowLongerThanTheModelKnowsAndAMaskOfAnotherShape() {
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens(9), mask(9)))
        .hasMessage("layer 'encoder': rows must have at most 8 tokens, got tokens of shape [5, 9]");
    assertThatThrownBy(() -> output(network(BackendChoice.AUTO), tokens(5), mask(6)))
        .hasMessage(
            "layer 'encoder': the mask must have the shape of the tokens [5, 5], got [5, 6]");
  }

  @Test
  void refusesAnUpdaterForRowsOfAnotherLength() {
    assertThatThrownBy(
            () ->
                new NgramAttentionLayer.Builder(SHAPE)
                    .tableUpdater(new LazyAdam(1e-3, 0.9, 0.98, 1e-8, 8)))
        .hasMessage("the rows of the tables have 16 values, got LazyAdam for rows of 8");
  }
}
