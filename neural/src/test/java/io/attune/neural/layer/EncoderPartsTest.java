package io.attune.neural.layer;

import static io.attune.neural.layer.EncoderParts.ROWS;
import static io.attune.neural.layer.EncoderParts.WIDTH;
import static io.attune.neural.layer.EncoderParts.batch;
import static io.attune.neural.layer.EncoderParts.distance;
import static io.attune.neural.layer.EncoderParts.input;
import static io.attune.neural.layer.EncoderParts.mask;
import static io.attune.neural.layer.EncoderParts.network;
import static io.attune.neural.layer.EncoderParts.output;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.layer.EncoderParts.Which;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Tests each part of an encoder, as a layer, against the same rules. */
class EncoderPartsTest {
  private static final int NARROW = 4;

  @ParameterizedTest
  @EnumSource(Which.class)
  void gradientsPassTheChecksOfDl4j(Which which) {
    GradientChecks.requireRight(
        () ->
            new GradientChecks.Case(
                network(
                    which.layer(NARROW),
                    NARROW,
                    new NeuralNetConfiguration.Builder()
                        .dataType(DataType.DOUBLE)
                        .updater(new Sgd(1))
                        .l2(0.1)
                        .l1(0.05)),
                batch(which.layer(NARROW))));
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

    // For the row without a token only the frequency of each label can be learned.
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
}
