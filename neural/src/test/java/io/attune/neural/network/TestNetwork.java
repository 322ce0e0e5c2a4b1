package io.attune.neural.network;

import io.attune.neural.encoder.Dropout;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.LabelSets.Head;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Makes networks of every kind with two heads, and batches for them. */
final class TestNetwork {
  static final int VOCABULARY = 30;
  static final int TIME = 7;
  static final LabelSets LABELS =
      new LabelSets(
          List.of(
              new Head("topic", List.of("markets", "politics", "sport")),
              new Head("sentiment", List.of("negative", "positive"))));
  static final UpdaterConfig ADAM =
      new UpdaterConfig(UpdaterConfig.Kind.ADAM, 1e-2, 0.9, 0.999, 1e-8, 0);
  static final Networks.Task TASK = new Networks.Task(VOCABULARY, TIME, LABELS, 42);

  static ModelConfig model(Kind kind, Dropout dropout) {
    return ModelConfig.builder(kind)
        .layers(2)
        .heads(2)
        .width(8)
        .feedForward(12)
        .ngrams(new NgramConfig(3, 200))
        .dropout(dropout)
        .build();
  }

  static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  static ComputationGraph network(Kind kind) {
    return network(Networks.configuration(model(kind, Dropout.NONE), ADAM, TASK));
  }

  /** Returns six rows of several lengths; row 1 has no topic, row 2 no label at all. */
  static MultiDataSet batch(long seed, DataType type) {
    Random random = new Random(seed);
    int rows = 6;
    INDArray tokens = Nd4j.zeros(type, rows, TIME);
    INDArray mask = Nd4j.zeros(type, rows, TIME);
    INDArray topics = Nd4j.zeros(type, rows, 3);
    INDArray sentiments = Nd4j.zeros(type, rows, 2);
    for (int row = 0; row < rows; row++) {
      int length = 1 + random.nextInt(TIME);
      for (int column = 0; column < length; column++) {
        tokens.putScalar(row, column, random.nextInt(VOCABULARY));
        mask.putScalar(row, column, 1);
      }
      topics.putScalar(row, random.nextInt(3), 1);
      sentiments.putScalar(row, random.nextInt(2), 1);
    }
    INDArray topicMask = Nd4j.createFromArray(1f, 0, 0, 1, 1, 1).reshape(rows, 1).castTo(type);
    INDArray sentimentMask = Nd4j.createFromArray(1f, 1, 0, 1, 1, 1).reshape(rows, 1).castTo(type);
    return new MultiDataSet(
        new INDArray[] {tokens},
        new INDArray[] {topics, sentiments},
        new INDArray[] {mask},
        new INDArray[] {topicMask, sentimentMask});
  }

  static INDArray[] output(ComputationGraph network, MultiDataSet batch) {
    return network.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays());
  }

  private TestNetwork() {}
}
