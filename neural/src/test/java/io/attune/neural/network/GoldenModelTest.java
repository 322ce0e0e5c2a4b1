package io.attune.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.optim.WarmUp;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Compares models and loss curves with those that an earlier version saved. */
class GoldenModelTest {
  private static final int STEPS = 20;

  /**
   * Writes the golden files of one kind of model; run by hand for a new version.
   *
   * @param arguments the folder, and the kind
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Kind kind = Kind.valueOf(arguments[1]);
    ComputationGraph network = network(kind);
    Files.writeString(folder.resolve(losses(kind)), text(train(network)), StandardCharsets.UTF_8);
    ModelSerializer.writeModel(network, folder.resolve(model(kind)).toFile(), true);
    Files.writeString(folder.resolve(output(kind)), text(outputs(network)), StandardCharsets.UTF_8);
  }

  private static String model(Kind kind) {
    return stem(kind) + ".zip";
  }

  private static String output(Kind kind) {
    return stem(kind) + "-output.txt";
  }

  private static String losses(Kind kind) {
    return stem(kind) + "-losses.txt";
  }

  private static String stem(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-0.1.0";
  }

  private static ComputationGraph network(Kind kind) {
    ModelConfig model =
        ModelConfig.builder(kind)
            .layers(2)
            .heads(2)
            .width(16)
            .feedForward(32)
            .dropout(
                Dropout.builder()
                    .word(0.1)
                    .attention(0.1)
                    .residual(0.1)
                    .feedForward(0.1)
                    .output(0.2)
                    .build())
            .labelSmoothing(0.1)
            .build();
    UpdaterConfig adamw = new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 5e-3, 0.9, 0.999, 1e-8, 0.01);
    LabelSets labels = new LabelSets(List.of(new LabelSets.Head("topic", List.of("a", "b", "c"))));
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(model, adamw, new Networks.Task(25, 6, labels, 7)));
    network.init();
    warmUp(network);
    return network;
  }

  /** Gives every updater the schedule that the golden networks were written with. */
  private static void warmUp(ComputationGraph network) {
    for (GraphVertex vertex : network.getVertices()) {
      Set<String> parameters =
          vertex.numParams() > 0 ? vertex.paramTable(false).keySet() : Set.of();
      for (String parameter : parameters) {
        IUpdater updater = vertex.getConfig().getUpdaterByParam(parameter);
        if (updater != null && updater.hasLearningRate()) {
          updater.setLrAndSchedule(5e-3, new WarmUp(5e-3, 5));
        }
      }
    }
  }

  private static MultiDataSet batch() {
    Random random = new Random(8);
    float[][] tokens = new float[10][6];
    float[][] mask = new float[10][6];
    float[][] labels = new float[10][3];
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 1 + row % 6; column++) {
        tokens[row][column] = random.nextInt(25);
        mask[row][column] = 1;
      }
      labels[row][row % 3] = 1;
    }
    return new MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(tokens)},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {Nd4j.createFromArray(mask)},
        null);
  }

  private static double[] train(ComputationGraph network) {
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      network.fit(batch());
      losses[step] = network.score();
    }
    return losses;
  }

  private static double[] outputs(ComputationGraph network) {
    INDArray output =
        network.output(false, batch().getFeatures(), batch().getFeaturesMaskArrays())[0];
    return output.reshape(output.length()).toDoubleVector();
  }

  private static String text(double[] values) {
    return DoubleStream.of(values).mapToObj(Double::toString).collect(Collectors.joining("\n"))
        + "\n";
  }

  private static double[] golden(String name) throws IOException {
    try (InputStream in = GoldenModelTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TRANSFORMER", "LSTM_ATTENTION"})
  void aModelSavedByVersion010StillGivesItsOutput(Kind kind) throws IOException {
    ComputationGraph restored;
    try (InputStream in = GoldenModelTest.class.getResourceAsStream(model(kind))) {
      restored = ModelSerializer.restoreComputationGraph(in);
    }

    assertThat(outputs(restored)).containsExactly(golden(output(kind)), within(1e-5));
    assertThat(restored.getIterationCount()).isEqualTo(STEPS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TRANSFORMER", "LSTM_ATTENTION"})
  void theLossCurveIsThatOfVersion010(Kind kind) throws IOException {
    // Rounding differs between processors; 20 steps of Adam make some 1e-4 of it.
    assertThat(train(network(kind))).containsExactly(golden(losses(kind)), within(2e-3));
  }
}
