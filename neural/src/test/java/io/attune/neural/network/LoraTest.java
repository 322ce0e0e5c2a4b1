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
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.LoraConfig.Matrix;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.layer.EncoderLayerImpl;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.optim.UpdaterConfig.LayerRates;
import io.attune.neural.pretrained.PretrainedEncoder;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class LoraTest {
  private static final int BLOCKS = 2;
  private static final int WIDTH = 16;
  private static final int FEED_FORWARD = 32;
  private static final LoraConfig ALL = new LoraConfig(3, 6, List.of(Matrix.values()));
  private static final UpdaterConfig ADAMW =
      new UpdaterConfig(
          UpdaterConfig.Kind.ADAMW, 1e-2, 0.9, 0.999, 1e-8, 0.01, new LayerRates(2, 0.5, 0.9, 3));

  private static PretrainedEncoder encoder() {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, WIDTH)
            .vocabulary(VOCABULARY)
            .maxTokens(TIME)
            .blocks(BLOCKS)
            .heads(2)
            .feedForward(FEED_FORWARD)
            .norm(Norm.POST)
            .positions(Positions.LEARNED)
            .embeddingNorm(true)
            .normEpsilon(1e-12)
            .build();
    float[] parameters = new float[(int) EncoderLayout.of(shape).length()];
    Random random = new Random(5);
    for (Slot slot : EncoderLayout.of(shape).slots()) {
      for (long i = slot.offset(); i < slot.end(); i++) {
        double value = 0.3 * random.nextGaussian();
        parameters[(int) i] = (float) (slot.name().endsWith(".gain") ? 1 + value : value);
      }
    }
    return new PretrainedEncoder(shape, parameters);
  }

  private static FineTuning tuning(
      Tune tune, LoraConfig lora, Pooling pooling, BackendChoice backend) {
    ModelConfig model =
        ModelConfig.builder(Kind.TRANSFORMER)
            .tune(tune)
            .lora(lora)
            .pooling(pooling)
            .backend(backend)
            .build();
    return new FineTuning(encoder(), BLOCKS, model, TASK);
  }

  private static FineTuning tuning(LoraConfig lora, Pooling pooling) {
    return tuning(Tune.LORA, lora, pooling, BackendChoice.AUTO);
  }

  /** Returns a batch of vectors in place of token ids, with two labels. */
  private static MultiDataSet vectors(long seed) {
    MultiDataSet tokens = batch(seed, DataType.FLOAT);
    Random random = new Random(seed);
    float[] values = new float[(int) tokens.getFeatures(0).size(0) * TIME * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    INDArray input = Nd4j.create(values, new int[] {values.length / TIME / WIDTH, TIME, WIDTH});
    return new MultiDataSet(
        new INDArray[] {input.permute(0, 2, 1)},
        tokens.getLabels(),
        tokens.getFeaturesMaskArrays(),
        tokens.getLabelsMaskArrays());
  }

  private static EncoderLayerImpl layer(ComputationGraph network) {
    return (EncoderLayerImpl) network.getLayer(Networks.ENCODER);
  }

  private static float[] effective(ComputationGraph network) {
    INDArray parameters = layer(network).effectiveParameters();
    return parameters.reshape(parameters.length()).toFloatVector();
  }

  private static EncoderLayout trainedLayout(LoraConfig lora, Pooling pooling) {
    return EncoderLayout.adapted(stack(pooling), lora);
  }

  private static EncoderShape stack(Pooling pooling) {
    return encoder().stackShape(0).toBuilder().pooling(pooling).build();
  }

  /** Puts random numbers into all trained parameters of the encoder. */
  private static void scatter(ComputationGraph network, long seed) {
    INDArray parameters = layer(network).params();
    Random random = new Random(seed);
    for (long i = 0; i < parameters.length(); i++) {
      parameters.putScalar(i, 0.2 * random.nextGaussian());
    }
  }

  private static void copyHeads(ComputationGraph from, ComputationGraph to) {
    LABELS
        .heads()
        .forEach(
            head -> to.getLayer(head.name()).params().assign(from.getLayer(head.name()).params()));
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"ND4J", "CPU_SCALAR", "AUTO"})
  void startsFromThePretrainedEncoderToTheBit(BackendChoice backend) {
    ComputationGraph full = tuning(Tune.FULL, ALL, Pooling.MEAN, backend).start(ADAMW);
    ComputationGraph lora = tuning(Tune.LORA, ALL, Pooling.MEAN, backend).start(ADAMW);
    copyHeads(full, lora);

    for (int head = 0; head < LABELS.heads().size(); head++) {
      assertThat(output(lora, vectors(1))[head].toFloatMatrix())
          .isDeepEqualTo(output(full, vectors(1))[head].toFloatMatrix());
    }
    assertThat(layer(lora).params().length())
        .isEqualTo(BLOCKS * 3 * (4 * 2 * WIDTH + 2 * (WIDTH + FEED_FORWARD)))
        .isLessThan(layer(full).params().length() / 2);
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void theMergedNetworkAnswersAsTheTrainedOne(Pooling pooling) {
    FineTuning tuning = tuning(ALL, pooling);
    ComputationGraph stack = tuning.start(ADAMW);
    for (int step = 0; step < 4; step++) {
      stack.fit(vectors(step));
    }

    ComputationGraph merged = tuning.merged(stack);

    // The whole network on tokens and the stack on the vectors that the embedding makes of them.
    ComputationGraph full = tuning(Tune.FULL, ALL, pooling, BackendChoice.AUTO).start(ADAMW);
    layer(full)
        .params()
        .assign(Nd4j.createFromArray(effective(stack)).reshape(layer(full).params().shape()));
    copyHeads(stack, full);
    MultiDataSet tokens = batch(3, DataType.FLOAT);
    ComputationGraph mergedFull = tuning(Tune.FULL, ALL, pooling, BackendChoice.AUTO).merged(full);
    for (int head = 0; head < LABELS.heads().size(); head++) {
      assertThat(distance(output(stack, vectors(9))[head], output(full, vectors(9))[head]))
          .isLessThan(1e-5);
      assertThat(output(merged, tokens)[head].toFloatMatrix())
          .isDeepEqualTo(output(mergedFull, tokens)[head].toFloatMatrix());
    }
    assertThat(merged.getUpdater().getStateViewArray()).isNull();
    assertThat(merged.getConfiguration().toJson())
        .isEqualTo(mergedFull.getConfiguration().toJson());
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void onlyTheChosenMatricesAndALearnedPoolingChange(Pooling pooling) {
    LoraConfig some = new LoraConfig(2, 4, List.of(Matrix.VALUE, Matrix.FEED_FORWARD_OUT));
    ComputationGraph network = tuning(some, pooling).start(ADAMW);
    float[] before = effective(network);

    for (int step = 0; step < 3; step++) {
      network.fit(vectors(step));
    }

    float[] after = effective(network);
    for (Slot slot : EncoderLayout.of(stack(pooling)).slots()) {
      for (int i = 0; i < slot.length(); i++) {
        boolean isAdapted =
            slot.name().endsWith("attention.in.weight")
                ? i % slot.columns() >= 2 * WIDTH
                : slot.name().endsWith("feedForward.out.weight")
                    || slot.name().startsWith(EncoderLayout.POOLING);
        int at = (int) slot.offset() + i;
        if (isAdapted) {
          assertThat(after[at]).as(slot.name()).isNotEqualTo(before[at]);
        } else {
          assertThat(after[at]).as(slot.name()).isEqualTo(before[at]);
        }
      }
    }
  }

  @Test
  void parametersAreThoseOfPlainLoops() {
    ComputationGraph network = tuning(ALL, Pooling.ATTENTION).start(ADAMW);
    scatter(network, 2);

    double[] expected =
        new LoraTwin(ALL, stack(Pooling.ATTENTION))
            .effective(trained(network), encoder().stack(0).parameters());

    float[] found = effective(network);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isEqualTo(expected[i], within(1e-5));
    }
  }

  private static float[] trained(ComputationGraph network) {
    INDArray parameters = layer(network).params();
    return parameters.reshape(parameters.length()).toFloatVector();
  }

  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"ND4J", "CPU_SCALAR", "AUTO"})
  void gradientsAreThoseOfTheSummedMatricesTakenApartByPlainLoops(BackendChoice backend) {
    Pooling pooling = Pooling.ATTENTION;
    ComputationGraph lora = tuning(Tune.LORA, ALL, pooling, backend).start(ADAMW);
    scatter(lora, 3);
    ComputationGraph full = tuning(Tune.FULL, ALL, pooling, backend).start(ADAMW);
    layer(full)
        .params()
        .assign(Nd4j.createFromArray(effective(lora)).reshape(layer(full).params().shape()));
    copyHeads(lora, full);

    double[] expected =
        new LoraTwin(ALL, stack(pooling)).gradient(trained(lora), gradient(full, vectors(4)));

    float[] found = gradient(lora, vectors(4));
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isEqualTo(expected[i], within(1e-4));
    }
  }

  private static float[] gradient(ComputationGraph network, MultiDataSet batch) {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    network.computeGradientAndScore();
    INDArray gradient = layer(network).getGradientsViewArray();
    float[] values = gradient.reshape(gradient.length()).toFloatVector();
    network.clearLayerMaskArrays();
    network.clear();
    return values;
  }

  /** Compares the slope of the loss along a random direction in each factor with its gradient. */
  @ParameterizedTest
  @EnumSource(
      value = BackendChoice.class,
      names = {"ND4J", "CPU_SCALAR", "AUTO"})
  void gradientsAreThoseOfNumericDifferences(BackendChoice backend) {
    Pooling pooling = Pooling.ATTENTION;
    ComputationGraph network = tuning(Tune.LORA, ALL, pooling, backend).start(ADAMW);
    scatter(network, 6);
    MultiDataSet batch = vectors(7);
    float[] gradient = gradient(network, batch);
    INDArray parameters = layer(network).params();
    INDArray start = parameters.dup();
    double step = 0.02;
    for (Slot slot : trainedLayout(ALL, pooling).slots()) {
      double norm = 0;
      for (long i = slot.offset(); i < slot.end(); i++) {
        norm += gradient[(int) i] * gradient[(int) i];
      }
      double length = Math.sqrt(norm);
      double[] scores = new double[2];
      for (int side = 0; side < 2; side++) {
        parameters.assign(start);
        for (long i = slot.offset(); i < slot.end(); i++) {
          double change = (side == 0 ? step : -step) * gradient[(int) i] / length;
          parameters.putScalar(i, start.getDouble(i) + change);
        }
        scores[side] = network.score(batch);
      }
      double rows = batch.getFeatures(0).size(0);
      assertThat((scores[0] - scores[1]) / (2 * step))
          .as(slot.name())
          .isEqualTo(length / rows, within(0.02 * length / rows + 1e-4));
    }
  }

  @Test
  void factorsStepWithTheirOwnRate() {
    UpdaterConfig sgd =
        new UpdaterConfig(
            UpdaterConfig.Kind.SGD, 0.1, 0, 0, 1e-8, 0, new LayerRates(2, 0.5, 0.8, 3));
    ComputationGraph network = tuning(ALL, Pooling.MEAN).start(sgd);
    scatter(network, 8);
    float[] gradient = gradient(network, vectors(1));
    INDArray before = layer(network).params().dup();

    network.fit(vectors(1));

    INDArray change = layer(network).params().sub(before);
    double rows = vectors(1).getFeatures(0).size(0);
    for (int i = 0; i < gradient.length; i++) {
      assertThat(change.getDouble(i)).isEqualTo(-0.3 * gradient[i] / rows, within(1e-5));
    }
  }

  @Test
  void aCloneSharesWhatIsNotTrainedAndANetworkFromJsonMustBeGivenIt() {
    ComputationGraph network = tuning(ALL, Pooling.MEAN).start(ADAMW);
    network.fit(vectors(1));
    float[][] expected = output(network, vectors(2))[0].toFloatMatrix();

    ComputationGraph clone = network.clone();
    String json = network.getConfiguration().toJson();
    ComputationGraph copy = network(ComputationGraphConfiguration.fromJson(json));
    copy.params().assign(network.params());

    assertThat(output(clone, vectors(2))[0].toFloatMatrix()).isDeepEqualTo(expected);
    assertThatThrownBy(() -> output(copy, vectors(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layer 'encoder': low-rank adaptation lacks the parameters that it adapts, which no"
                + " JSON and no saved network holds; give them to the network with"
                + " EncoderLayerImpl.adapt");
    FineTuning.complete(copy, FineTuning.untrained(encoder()));
    assertThat(output(copy, vectors(2))[0].toFloatMatrix()).isDeepEqualTo(expected);
    assertThat(copy.getConfiguration().toJson()).isEqualTo(json);
  }

  @Test
  void refusesWhatDoesNotFit() {
    List<Matrix> query = List.of(Matrix.QUERY);
    assertThatThrownBy(() -> new LoraConfig(0, 1, query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank must be in [1, 1024], got 0");
    assertThatThrownBy(() -> new LoraConfig(1, 0, query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be in (0, 10000], got 0.0");
    assertThatThrownBy(() -> new LoraConfig(1, 1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("matrices must name at least one of query, key, value,");
    assertThatThrownBy(() -> new LoraConfig(1, 1, List.of(Matrix.KEY, Matrix.KEY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("matrices must name each matrix once, got [KEY, KEY]");
    assertThatThrownBy(() -> tuning(new LoraConfig(17, 1, query), Pooling.MEAN).start(ADAMW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the rank of low-rank adaptation must be at most 16, the smaller size of"
                + " block0.attention.query, got 17");
    ComputationGraph full = tuning(Tune.FULL, ALL, Pooling.MEAN, BackendChoice.AUTO).start(ADAMW);
    assertThatThrownBy(() -> FineTuning.complete(full, FineTuning.untrained(encoder())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer 'encoder' has no low-rank adaptation");
  }

  private static double distance(INDArray one, INDArray other) {
    return one.sub(other).amaxNumber().doubleValue();
  }
}
