package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.encoder.Attention;
import io.attune.neural.network.Introspection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Inspects a network in training, always on the same few training rows, so that only the network
 * differs between two inspections.
 *
 * @param rows of the train split that are used
 */
record NetworkProbe(RowRange rows, MinibatchLoader loader) {
  /** Limits the rows: enough for a mean, few enough to cost nothing compared with an epoch. */
  private static final int MAX_ROWS = 16;

  /** Bounds the memory for attention weights, which grows with the square of a row's length. */
  private static final int MAX_TOKENS = 2048;

  /**
   * Holds the result of an inspection.
   *
   * @param gradientNorms L2 norm of the loss's gradient by part of the network
   * @param poolingEntropy of the weights that make the pooled vector, in nats; the mean over rows
   * @param headEntropy the same of each head's weights, by attention block and head; the mean over
   *     queries
   * @param headSimilarity of each pair of heads, by attention block, head and head, in [0, 1]; see
   *     {@link Attention#headSimilarity}
   */
  record ProbeResult(
      Map<String, Double> gradientNorms,
      double poolingEntropy,
      List<List<Double>> headEntropy,
      List<List<List<Double>>> headSimilarity) {}

  static NetworkProbe of(TrainingData data, MinibatchLoader loader) {
    RowRange first = data.epoch(0, 0).get(0);
    long end = Math.min(MAX_ROWS, first.rows());
    return new NetworkProbe(new RowRange(first.file(), 0, end, first.order()), loader);
  }

  /** Inspects the network without changing it; it must not be in use. */
  ProbeResult inspect(ComputationGraph network) {
    MultiDataSet batch = batch();
    Attention attention =
        Introspection.attention(network, batch.getFeatures(0), batch.getFeaturesMaskArray(0));
    List<List<Double>> entropy = new ArrayList<>();
    List<List<List<Double>>> similarity = new ArrayList<>();
    for (int block = 0; block < attention.blocks().size(); block++) {
      entropy.add(list(attention.headEntropy(block)));
      similarity.add(
          Arrays.stream(attention.headSimilarity(block)).map(NetworkProbe::list).toList());
    }
    return new ProbeResult(
        Introspection.gradientNorms(network, batch).byPart(),
        Arrays.stream(attention.poolingEntropy()).average().orElse(0),
        entropy,
        similarity);
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private MultiDataSet batch() {
    try {
      return loader.minibatches(List.of(rows), new BatchLimits(MAX_ROWS, MAX_TOKENS), 0).next();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + rows, e);
    }
  }
}
