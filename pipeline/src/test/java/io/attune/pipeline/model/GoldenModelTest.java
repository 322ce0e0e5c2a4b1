package io.attune.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.model.ModelConfig.Activation;
import io.attune.pipeline.model.ModelConfig.Dropout;
import io.attune.pipeline.model.ModelConfig.Kind;
import io.attune.pipeline.model.ModelConfig.Norm;
import io.attune.pipeline.model.ModelConfig.Pooling;
import io.attune.pipeline.model.ModelConfig.Positions;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model and a loss curve kept from an earlier version: what it saved must still mean the same.
 */
class GoldenModelTest {
  private static final String MODEL = "transformer-0.1.0.zip";
  private static final String OUTPUT = "transformer-0.1.0-output.txt";
  private static final String LOSSES = "transformer-0.1.0-losses.txt";
  private static final int STEPS = 20;

  /** Writes the golden files into the folder given; run by hand for a new version. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ComputationGraph network = network();
    Files.writeString(folder.resolve(LOSSES), text(losses(network)), StandardCharsets.UTF_8);
    ModelSerializer.writeModel(network, folder.resolve(MODEL).toFile(), true);
    Files.writeString(folder.resolve(OUTPUT), text(outputs(network)), StandardCharsets.UTF_8);
  }

  private static ComputationGraph network() {
    ModelConfig model =
        new ModelConfig(
            Kind.TRANSFORMER,
            2,
            2,
            16,
            32,
            Norm.PRE,
            Activation.GELU,
            Positions.LEARNED,
            Pooling.ATTENTION,
            new Dropout(0.1, 0.1, 0.1, 0.1, 0.2),
            0,
            0.1);
    UpdaterConfig adamw =
        new UpdaterConfig(UpdaterConfig.Kind.ADAMW, 5e-3, 0.9, 0.999, 1e-8, 0.01, 5);
    LabelSets labels = new LabelSets(List.of(new LabelSets.Head("topic", List.of("a", "b", "c"))));
    ComputationGraph network =
        new ComputationGraph(
            Networks.configuration(model, adamw, new Networks.Task(25, 6, labels, 7)));
    network.init();
    return network;
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

  private static double[] losses(ComputationGraph network) {
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

  @Test
  void aModelSavedByVersion010StillGivesItsOutput() throws IOException {
    ComputationGraph restored;
    try (InputStream in = GoldenModelTest.class.getResourceAsStream(MODEL)) {
      restored = ModelSerializer.restoreComputationGraph(in);
    }

    assertThat(outputs(restored)).containsExactly(golden(OUTPUT), within(1e-5));
    assertThat(restored.getIterationCount()).isEqualTo(STEPS);
  }

  @Test
  void theLossCurveIsThatOfVersion010() throws IOException {
    // Rounding differs between processors; 20 steps of Adam make some 1e-4 of it.
    assertThat(losses(network())).containsExactly(golden(LOSSES), within(2e-3));
  }
}
