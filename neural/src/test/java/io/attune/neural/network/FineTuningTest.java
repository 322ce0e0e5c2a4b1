package io.attune.neural.network;

import static io.attune.neural.network.TestNetwork.LABELS;
import static io.attune.neural.network.TestNetwork.TASK;
import static io.attune.neural.network.TestNetwork.TIME;
import static io.attune.neural.network.TestNetwork.VOCABULARY;
import static io.attune.neural.network.TestNetwork.batch;
import static io.attune.neural.network.TestNetwork.network;
import static io.attune.neural.network.TestNetwork.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.optim.UpdaterConfig.LayerRates;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.neural.pretrained.RandomEncoders;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class FineTuningTest {
  private static final int BLOCKS = 3;
  private static final int WIDTH = 8;
  private static final double RATE = 0.05;

  /** Returns an encoder as {@link Networks} builds one of its own, or as BERT is. */
  private static PretrainedEncoder encoder(boolean bert) {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, WIDTH)
            .vocabulary(VOCABULARY)
            .maxTokens(TIME)
            .blocks(BLOCKS)
            .heads(2)
            .feedForward(12)
            .norm(Norm.POST)
            .positions(Positions.LEARNED)
            .embeddingNorm(bert)
            .normEpsilon(bert ? 1e-12 : EncoderShape.NORM_EPSILON)
            .pooling(Pooling.MEAN)
            .build();
    return RandomEncoders.of(shape, 0.3);
  }

  private static ModelConfig.Builder model() {
    return ModelConfig.builder(Kind.TRANSFORMER)
        .layers(BLOCKS)
        .heads(2)
        .width(WIDTH)
        .feedForward(12)
        .norm(Norm.POST);
  }

  private static UpdaterConfig sgd(LayerRates rates) {
    return new UpdaterConfig(UpdaterConfig.Kind.SGD, RATE, 0, 0, 1e-8, 0, rates);
  }

  /** Returns the batch with vectors of the stem in place of its token ids. */
  private static MultiDataSet encoded(MultiDataSet batch, PretrainedEncoder encoder, int blocks) {
    PretrainedEncoder stem = encoder.stem(blocks);
    StandaloneEncoder running =
        new StandaloneEncoder(
            stem.shape(), Nd4j.createFromArray(stem.parameters()), BackendChoice.AUTO);
    INDArray mask = batch.getFeaturesMaskArray(0);
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < mask.size(0); row++) {
      int length = mask.getRow(row).sumNumber().intValue();
      int[] ids = new int[length];
      for (int i = 0; i < length; i++) {
        ids[i] = batch.getFeatures(0).getInt(row, i);
      }
      rows.add(ids);
    }
    float[][] vectors = running.encode(rows);
    INDArray input = Nd4j.zeros(DataType.FLOAT, rows.size(), TIME, WIDTH);
    for (int row = 0; row < vectors.length; row++) {
      for (int i = 0; i < vectors[row].length; i++) {
        input.putScalar(row, i / WIDTH, i % WIDTH, vectors[row][i]);
      }
    }
    return new MultiDataSet(
        new INDArray[] {input.permute(0, 2, 1)},
        batch.getLabels(),
        batch.getFeaturesMaskArrays(),
        batch.getLabelsMaskArrays());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void trainsAsTheWholeEncoderDoesWhoseLowerBlocksStay(int trained) {
    PretrainedEncoder encoder = encoder(false);
    ModelConfig model = model().pooling(Pooling.MEAN).build();
    FineTuning tuning = new FineTuning(encoder, trained, model, TASK);
    ComputationGraph stack = tuning.start(sgd(LayerRates.EQUAL));
    ComputationGraph whole = network(Networks.configuration(model, sgd(LayerRates.EQUAL), TASK));
    put(encoder, whole, BLOCKS);
    for (String head : List.of("topic", "sentiment")) {
      whole.getLayer(head).params().assign(stack.getLayer(head).params());
    }

    for (int step = 0; step < 6; step++) {
      MultiDataSet tokens = batch(step, DataType.FLOAT);
      MultiDataSet vectors = encoded(tokens, encoder, BLOCKS - trained);
      stack.fit(vectors);
      whole.fit(tokens);
      put(encoder, whole, BLOCKS - trained);
      assertThat(stack.score()).isEqualTo(whole.score(), within(1e-5));
    }

    ComputationGraph merged = tuning.merged(stack);
    assertThat(maxDifference(merged.params(), whole.params())).isLessThan(1e-5);
  }

  /** Puts the encoder's embeddings and first blocks into a network, as they were. */
  private static void put(PretrainedEncoder encoder, ComputationGraph network, int blocks) {
    EncoderLayout layout = EncoderLayout.of(encoder.shape());
    INDArray all = Nd4j.createFromArray(encoder.parameters());
    for (Slot slot : EncoderLayout.of(encoder.stem(blocks).shape()).slots()) {
      layout
          .views(network.getLayer(Networks.ENCODER).params())
          .get(slot.name())
          .assign(layout.views(all).get(slot.name()));
    }
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void theMergedNetworkAnswersForTokensAsTheTrainedOneForTheirVectors(Pooling pooling) {
    PretrainedEncoder encoder = encoder(true);
    ModelConfig model =
        model()
            .pooling(pooling)
            .dropout(Dropout.builder().residual(0.1).output(0.2).build())
            .build();
    UpdaterConfig adamw =
        new UpdaterConfig(
            UpdaterConfig.Kind.ADAMW, 1e-2, 0.9, 0.999, 1e-8, 0.01, new LayerRates(10, 0.5, 0.9));
    for (int trained = 0; trained <= BLOCKS; trained++) {
      FineTuning tuning = new FineTuning(encoder, trained, model, TASK);
      ComputationGraph stack = tuning.start(adamw);
      MultiDataSet tokens = batch(3, DataType.FLOAT);
      MultiDataSet vectors = encoded(tokens, encoder, BLOCKS - trained);
      for (int step = 0; step < 3; step++) {
        stack.fit(vectors);
      }

      ComputationGraph merged = tuning.merged(stack);

      for (int head = 0; head < LABELS.heads().size(); head++) {
        assertThat(maxDifference(output(merged, tokens)[head], output(stack, vectors)[head]))
            .isLessThan(1e-5);
      }
      assertThat(merged.getUpdater().getStateViewArray()).isNull();
    }
  }

  @Test
  void blocksStepWithTheirOwnRates() {
    PretrainedEncoder encoder = encoder(true);
    FineTuning tuning =
        new FineTuning(encoder, BLOCKS, model().pooling(Pooling.ATTENTION).build(), TASK);
    ComputationGraph equal = tuning.start(sgd(LayerRates.EQUAL));
    ComputationGraph decayed = tuning.start(sgd(new LayerRates(10, 0.5, 0.8)));
    INDArray before = equal.params().dup();
    MultiDataSet vectors = encoded(batch(4, DataType.FLOAT), encoder, 0);
    assertThat(decayed.params()).isEqualTo(before);

    equal.fit(vectors);
    decayed.fit(vectors);

    INDArray full = equal.params().sub(before);
    INDArray own = decayed.params().sub(before);
    EncoderLayout layout =
        EncoderLayout.of(encoder.stack(0).shape().toBuilder().pooling(Pooling.ATTENTION).build());
    for (Slot slot : layout.slots()) {
      double factor =
          slot.name().startsWith("block")
              ? 0.5 * Math.pow(0.8, BLOCKS - 1 - (slot.name().charAt(5) - '0'))
              : 0.5;
      for (long i = slot.offset(); i < slot.end(); i++) {
        assertThat(own.getDouble(i)).isEqualTo(factor * full.getDouble(i), within(1e-7));
      }
    }
    for (long i = layout.length(); i < full.length(); i++) {
      assertThat(own.getDouble(i)).isEqualTo(10 * full.getDouble(i), within(1e-6));
    }
  }

  @Test
  void ratesSurviveTheConfigurationsJsonAndAreNotSharedWithAClone() {
    FineTuning tuning =
        new FineTuning(encoder(true), 2, model().pooling(Pooling.MEAN).build(), TASK);
    ComputationGraph network = tuning.start(sgd(new LayerRates(10, 0.5, 0.8)));
    ComputationGraph copy =
        network(
            org.deeplearning4j.nn.conf.ComputationGraphConfiguration.fromJson(
                network.getConfiguration().toJson()));
    ComputationGraph clone = network.clone();

    for (ComputationGraph other : List.of(copy, clone)) {
      var updater =
          other
              .getLayer(Networks.ENCODER)
              .conf()
              .getLayer()
              .getUpdaterByParam("block0.attention.in.weight");
      assertThat(updater.getLearningRate(3, 1)).isEqualTo(0.8 * RATE);
      updater.setLrAndSchedule(1, null);
    }

    assertThat(
            network
                .getLayer(Networks.ENCODER)
                .conf()
                .getLayer()
                .getUpdaterByParam("block0.attention.in.weight")
                .getLearningRate(0, 0))
        .isEqualTo(0.8 * RATE);
  }

  @Test
  void weightDecayShrinksWeightsAndIsNoPartOfTheLoss() {
    PretrainedEncoder encoder = encoder(true);
    FineTuning tuning = new FineTuning(encoder, 1, model().build(), TASK);
    UpdaterConfig plain = new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 0.01, 0.9, 0.999, 1e-8, 0);
    UpdaterConfig decaying =
        new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 0.01, 0.9, 0.999, 1e-8, 0.5);
    MultiDataSet vectors = encoded(batch(4, DataType.FLOAT), encoder, BLOCKS - 1);
    ComputationGraph without = tuning.start(plain);
    ComputationGraph with = tuning.start(decaying);
    INDArray before = with.params().dup();

    without.fit(vectors);
    with.fit(vectors);

    assertThat(with.score()).isEqualTo(without.score());
    EncoderLayout layout = EncoderLayout.of(encoder.stack(BLOCKS - 1).shape());
    for (Slot slot : layout.slots()) {
      double decay = slot.role() == EncoderLayout.Role.WEIGHT ? 0.01 * 0.5 : 0;
      for (long i = slot.offset(); i < slot.end(); i++) {
        assertThat(with.params().getDouble(i))
            .isEqualTo(without.params().getDouble(i) - decay * before.getDouble(i), within(1e-6));
      }
    }
  }

  @Test
  void refusesToTrainMoreBlocksThanThereAre() {
    assertThatThrownBy(() -> new FineTuning(encoder(true), 4, model().build(), TASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an encoder of 3 blocks cannot have 4 trained");
  }

  private static double maxDifference(INDArray one, INDArray other) {
    assertThat(one.length()).isEqualTo(other.length());
    return one.reshape(one.length()).sub(other.reshape(other.length())).amaxNumber().doubleValue();
  }
}
