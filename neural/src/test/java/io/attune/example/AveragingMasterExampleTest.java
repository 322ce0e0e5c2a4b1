package io.attune.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.TestSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class AveragingMasterExampleTest {
  private static final int FEATURES = 4;
  private static final int CLASSES = 2;
  private static final int EPOCHS = 8;

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  @Test
  void aUsersOwnRddIsLearnt() {
    Random random = new Random(1);
    List<MultiDataSet> singles = new ArrayList<>();
    for (int row = 0; row < 639; row++) {
      singles.add(rows(1, random));
    }

    ComputationGraph network =
        AveragingMasterExample.trainOnRdd(
            spark, configuration(), spark.parallelize(singles, 3), EPOCHS);

    assertThat(accuracy(network)).isGreaterThan(0.9);
    assertThat(network.getEpochCount()).isEqualTo(EPOCHS);
  }

  @Test
  void aUsersOwnFilesAreLearnt(@TempDir Path folder) throws IOException {
    Random random = new Random(1);
    List<String> paths = new ArrayList<>();
    for (int file = 0; file < 41; file++) {
      Path path = folder.resolve("data set " + file + ".bin");
      rows(16, random).save(path.toFile());
      paths.add(path.toString());
    }

    ComputationGraph network =
        AveragingMasterExample.trainOnFiles(
            spark, configuration(), spark.parallelize(paths, 2), EPOCHS);

    assertThat(accuracy(network)).isGreaterThan(0.9);
  }

  private static ComputationGraphConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .updater(new Adam(0.02))
        .graphBuilder()
        .addInputs("in")
        .addLayer(
            "hidden",
            new DenseLayer.Builder().nIn(FEATURES).nOut(8).activation(Activation.TANH).build(),
            "in")
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(8)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "hidden")
        .setOutputs("out")
        .build();
  }

  /** Returns random points, each labelled by the side of a plane on which it lies. */
  private static MultiDataSet rows(int count, Random random) {
    float[][] features = new float[count][FEATURES];
    float[][] labels = new float[count][CLASSES];
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < FEATURES; column++) {
        features[row][column] = (float) random.nextGaussian();
      }
      labels[row][features[row][0] + features[row][1] > 0 ? 1 : 0] = 1;
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
  }

  private static double accuracy(ComputationGraph network) {
    MultiDataSet unseen = rows(500, new Random(2));
    INDArray said = network.outputSingle(unseen.getFeatures(0)).argMax(1);
    INDArray wanted = unseen.getLabels(0).argMax(1);
    return said.eq(wanted).castTo(Nd4j.defaultFloatingPointType()).meanNumber().doubleValue();
  }
}
