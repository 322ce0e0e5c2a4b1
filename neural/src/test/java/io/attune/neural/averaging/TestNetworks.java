package io.attune.neural.averaging;

import io.attune.neural.layer.LayerNormLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Provides a small network and examples for it; the first feature of an example is its number. */
public final class TestNetworks {
  static final int FEATURES = 4;
  static final int CLASSES = 3;

  private TestNetworks() {}

  static ComputationGraph network(IUpdater updater) {
    return network(updater, DataType.FLOAT);
  }

  static ComputationGraph network(IUpdater updater, DataType type) {
    return network(configuration(updater, type, 6));
  }

  /**
   * Returns a network with a given number of hidden units; it has 8 parameters for each of them,
   * and 3 more.
   */
  public static ComputationGraph wide(IUpdater updater, int hidden) {
    return network(configuration(updater, DataType.FLOAT, hidden));
  }

  private static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  /** Returns a network whose hidden layer rejects non-finite values. */
  static ComputationGraph strictNetwork(IUpdater updater) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("norm", new LayerNormLayer.Builder().nIn(FEATURES).build(), "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(FEATURES)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "norm")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  private static ComputationGraphConfiguration configuration(
      IUpdater updater, DataType type, int hidden) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .dataType(type)
        .updater(updater)
        .graphBuilder()
        .addInputs("in")
        .addLayer(
            "hidden",
            new DenseLayer.Builder().nIn(FEATURES).nOut(hidden).activation(Activation.TANH).build(),
            "in")
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nIn(hidden)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "hidden")
        .setOutputs("out")
        .build();
  }

  /** Returns the examples from {@code from} to {@code to} as one data set. */
  static MultiDataSet examples(int from, int to) {
    float[][] features = new float[to - from][FEATURES];
    float[][] labels = new float[to - from][CLASSES];
    for (int row = from; row < to; row++) {
      Random random = new Random(row);
      for (int column = 1; column < FEATURES; column++) {
        features[row - from][column] = (float) random.nextGaussian();
      }
      // Small, so that the number does not swamp the other features; exact in a float.
      features[row - from][0] = row / 4096f;
      labels[row - from][features[row - from][1] > 0 ? random.nextInt(2) : 2] = 1;
    }
    return new MultiDataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
  }

  static List<org.nd4j.linalg.dataset.api.MultiDataSet> singles(int count) {
    List<org.nd4j.linalg.dataset.api.MultiDataSet> singles = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      singles.add(examples(row, row + 1));
    }
    return singles;
  }
}
