package io.attune.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.Attention;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Tests DL4J's bidirectional LSTM between our embedding and our pooling. */
class LstmAttentionTest {
  private static final int VOCABULARY = 20;
  private static final int[] LENGTHS = {5, 1, 0, 4, 2};

  private static ModelConfig model(int width, Dropout dropout) {
    return ModelConfig.builder(Kind.LSTM_ATTENTION)
        .layers(2)
        .heads(1)
        .width(width)
        .feedForward(1)
        .dropout(dropout)
        .build();
  }

  private static ComputationGraph network(Dropout dropout) {
    LabelSets labels = new LabelSets(List.of(new LabelSets.Head("topic", List.of("a", "b"))));
    UpdaterConfig sgd = new UpdaterConfig(UpdaterConfig.Kind.SGD, 0.5, 0, 0, 1e-8, 0);
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(
                model(12, dropout), sgd, new Networks.Task(VOCABULARY, 10, labels, 4)));
    network.init();
    return network;
  }

  private static INDArray tokens(int time, int rubbish) {
    Random random = new Random(2);
    INDArray tokens = Nd4j.valueArrayOf(new long[] {LENGTHS.length, time}, (float) rubbish);
    for (int row = 0; row < LENGTHS.length; row++) {
      for (int column = 0; column < LENGTHS[row]; column++) {
        tokens.putScalar(row, column, random.nextInt(VOCABULARY));
      }
    }
    return tokens;
  }

  private static INDArray mask(int time) {
    INDArray mask = Nd4j.zeros(LENGTHS.length, time);
    for (int row = 0; row < LENGTHS.length; row++) {
      for (int column = 0; column < LENGTHS[row]; column++) {
        mask.putScalar(row, column, 1);
      }
    }
    return mask;
  }

  private static MultiDataSet batch(int time, int rubbish) {
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}});
    return new MultiDataSet(
        new INDArray[] {tokens(time, rubbish)},
        new INDArray[] {labels},
        new INDArray[] {mask(time)},
        null);
  }

  private static INDArray output(ComputationGraph network, INDArray tokens, INDArray mask) {
    return network.output(false, new INDArray[] {tokens}, new INDArray[] {mask})[0];
  }

  private static double distance(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue();
  }

  @Test
  void paddingChangesNeitherAnswersNorWhatIsLearnt() {
    ComputationGraph one = network(Dropout.builder().word(0.2).output(0.3).build());
    ComputationGraph other = network(Dropout.builder().word(0.2).output(0.3).build());
    assertThat(distance(output(other, tokens(9, 3), mask(9)), output(one, tokens(5, 0), mask(5))))
        .isLessThan(1e-6);

    one.fit(batch(5, 0));
    other.fit(batch(9, 3));

    assertThat(distance(other.params(), one.params())).isLessThan(1e-6);
  }

  @Test
  void aRowAmongLongerOnesIsWhatItIsAlone() {
    ComputationGraph network = network(Dropout.NONE);
    INDArray together = output(network, tokens(5, 0), mask(5));
    for (int row = 0; row < LENGTHS.length; row++) {
      if (LENGTHS[row] > 0) {
        INDArray alone = Nd4j.zeros(1, LENGTHS[row]);
        for (int column = 0; column < LENGTHS[row]; column++) {
          alone.putScalar(0, column, tokens(5, 0).getDouble(row, column));
        }
        INDArray expected = output(network, alone, Nd4j.ones(1, LENGTHS[row]));
        assertThat(distance(together.getRow(row), expected.getRow(0))).isLessThan(1e-6);
      }
    }
  }

  @Test
  void aRowReadsInBothDirections() {
    ComputationGraph network = network(Dropout.NONE);
    INDArray base = Nd4j.createFromArray(new float[][] {{1, 2, 3, 4}});
    for (float[] changed : new float[][] {{9, 2, 3, 4}, {1, 2, 3, 9}}) {
      INDArray tokens = Nd4j.createFromArray(new float[][] {changed});
      network.setLayerMaskArrays(new INDArray[] {Nd4j.ones(1, 4)}, null);
      INDArray before =
          network.feedForward(new INDArray[] {base}, false).get("lstm1").dup(); // [1, 12, 4]
      INDArray after = network.feedForward(new INDArray[] {tokens}, false).get("lstm1").dup();
      for (int time = 0; time < 4; time++) {
        INDArray change = after.sub(before).tensorAlongDimension(time, 0, 1);
        assertThat(change.amaxNumber().doubleValue()).isGreaterThan(0);
      }
    }
  }

  @Test
  void showsWhatItAttendsTo() {
    Attention attention = Introspection.attention(network(Dropout.NONE), tokens(6, 0), mask(6));

    assertThat(attention.blocks()).isEmpty();
    for (int row = 0; row < LENGTHS.length; row++) {
      double sum = 0;
      for (int column = 0; column < 6; column++) {
        sum += attention.pooling()[row][column];
        assertThat(attention.pooling()[row][column] > 0).isEqualTo(column < LENGTHS[row]);
      }
      assertThat(sum).isCloseTo(LENGTHS[row] == 0 ? 0 : 1, within(1e-5));
    }
  }

  @Test
  void refusesAnOddWidth() {
    assertThatThrownBy(() -> model(7, Dropout.NONE))
        .hasMessage("width must be even for kind lstm-attention, got 7");
  }
}
