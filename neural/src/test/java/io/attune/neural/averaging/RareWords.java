package io.attune.neural.averaging;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.encoder.Dropout;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.TokenInput;
import io.attune.neural.layer.EncoderLayer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Provides texts that use few words of a large vocabulary, and a network that embeds all of them.
 */
public final class RareWords implements MinibatchLoader {
  private static final long serialVersionUID = 1;
  public static final int VOCABULARY = 5000;
  public static final int WIDTH = 32;
  private static final int USED = 40;
  private static final int TIME = 6;

  public static ComputationGraph network(IUpdater updater) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(updater)
                .graphBuilder()
                .addInputs("tokens")
                .addLayer(
                    "encoder",
                    new EncoderLayer.Builder()
                        .nIn(VOCABULARY)
                        .nOut(WIDTH)
                        .maxTokens(TIME)
                        .blocks(0)
                        .heads(1)
                        .feedForward(0)
                        .norm(Norm.PRE)
                        .feedForwardActivation(FeedForwardActivation.RELU)
                        .positions(Positions.NONE)
                        .pooling(Pooling.ATTENTION)
                        .dropout(Dropout.NONE)
                        .seed(3)
                        .build(),
                    "tokens")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(WIDTH)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "encoder")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  @Override
  public double meanTokens() {
    return TIME;
  }

  @Override
  public Iterator<MultiDataSet> minibatches(List<RowRange> ranges, BatchLimits limits, long seed) {
    List<MultiDataSet> batches = new ArrayList<>();
    for (RowRange range : ranges) {
      for (long from = range.from(); from < range.to(); from += limits.rows()) {
        batches.add(batch(from, Math.min(range.to(), from + limits.rows())));
      }
    }
    return batches.iterator();
  }

  private static MultiDataSet batch(long from, long to) {
    List<int[]> rows = new ArrayList<>();
    float[][] labels = new float[(int) (to - from)][2];
    for (long row = from; row < to; row++) {
      Random random = new Random(row);
      int[] words = random.ints(TIME, 1, USED).toArray();
      rows.add(words);
      labels[(int) (row - from)][words[0] % 2] = 1;
    }
    TokenInput input = TokenInput.of(rows);
    return new org.nd4j.linalg.dataset.MultiDataSet(
        new INDArray[] {input.tokens()},
        new INDArray[] {Nd4j.createFromArray(labels)},
        new INDArray[] {input.mask()},
        null);
  }

  @Override
  public MultiDataSet load(Source source) {
    throw new UnsupportedOperationException();
  }
}
