package io.attune.neural.averaging.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.AveragingMaster;
import io.attune.neural.averaging.ExampleLoader;
import io.attune.neural.averaging.TestMasters;
import io.attune.neural.averaging.TestSpark;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.ReplicaHook;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.Norm;
import io.attune.neural.layer.EncoderLayerImpl;
import io.attune.neural.layer.EncoderStackLayer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Tests what travels in rounds of low-rank adaptation, with workers that are threads. */
class LoraTrafficTest {
  private static final int WIDTH = 64;
  private static final int TIME = 5;
  private static final int ROUNDS = 4;
  private static final int WORKERS = 2;
  private static final int BATCH = 4;
  private static final EncoderShape SHAPE =
      EncoderShape.builder(Part.STACK, WIDTH)
          .maxTokens(TIME)
          .blocks(3)
          .heads(4)
          .feedForward(256)
          .norm(Norm.POST)
          .build();
  private static final AtomicInteger COMPLETED = new AtomicInteger();

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  /** Completes networks as an executor would that reads the encoder by itself. */
  private static final class Untrained implements ReplicaHook {
    private static final long serialVersionUID = 1;
    private static final INDArray PARAMETERS = parameters();

    private static INDArray parameters() {
      INDArray values = Nd4j.create((int) EncoderLayout.of(SHAPE).length());
      Random random = new Random(2);
      for (EncoderLayout.Slot slot : EncoderLayout.of(SHAPE).slots()) {
        for (long i = slot.offset(); i < slot.end(); i++) {
          double gain = slot.role() == EncoderLayout.Role.GAIN ? 1 : 0;
          values.putScalar(i, gain + 0.1 * random.nextGaussian());
        }
      }
      return values;
    }

    @Override
    public void onReplica(ComputationGraph network) {
      COMPLETED.incrementAndGet();
      complete(network);
    }

    static void complete(ComputationGraph network) {
      ((EncoderLayerImpl) network.getLayer("encoder")).adapt(PARAMETERS);
    }
  }

  /** Makes vectors of rows, whose label is the sign of their sum. */
  private static final class Vectors implements MinibatchLoader {
    private static final long serialVersionUID = 1;

    @Override
    public double meanTokens() {
      return TIME;
    }

    @Override
    public Iterator<MultiDataSet> minibatches(
        List<RowRange> ranges, BatchLimits limits, long seed) {
      List<MultiDataSet> batches = new ArrayList<>();
      for (RowRange range : ranges) {
        for (long from = range.from(); from < range.to(); from += limits.rows()) {
          batches.add(batch(from, Math.min(range.to(), from + limits.rows())));
        }
      }
      return batches.iterator();
    }

    private static MultiDataSet batch(long from, long to) {
      int rows = (int) (to - from);
      float[] values = new float[rows * TIME * WIDTH];
      float[][] labels = new float[rows][2];
      for (int row = 0; row < rows; row++) {
        Random random = new Random(from + row);
        double sum = 0;
        for (int i = row * TIME * WIDTH; i < (row + 1) * TIME * WIDTH; i++) {
          values[i] = (float) random.nextGaussian();
          sum += values[i];
        }
        labels[row][sum > 0 ? 1 : 0] = 1;
      }
      return new org.nd4j.linalg.dataset.MultiDataSet(
          new INDArray[] {Nd4j.create(values, new int[] {rows, TIME, WIDTH}).permute(0, 2, 1)},
          new INDArray[] {Nd4j.createFromArray(labels)},
          new INDArray[] {Nd4j.ones(rows, TIME)},
          null);
    }

    @Override
    public MultiDataSet load(Source source) {
      throw new UnsupportedOperationException();
    }
  }

  /** Adds up the bytes of results and of broadcasts. */
  private static final class Traffic extends SparkListener {
    private final AtomicLong results = new AtomicLong();
    private final AtomicLong largestBlock = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      results.addAndGet(end.taskMetrics().resultSize());
    }

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated event) {
      if (event.blockUpdatedInfo().blockId().isBroadcast()) {
        largestBlock.accumulateAndGet(event.blockUpdatedInfo().memSize(), Math::max);
      }
    }
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("vectors")
                .addLayer(
                    "encoder",
                    new EncoderStackLayer.Builder()
                        .shape(SHAPE)
                        .lora(LoraConfig.DEFAULT)
                        .seed(3)
                        .build(),
                    "vectors")
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
    Untrained.complete(network);
    return network;
  }

  private void train(ComputationGraph network, AveragingMaster master, Traffic traffic)
      throws TimeoutException {
    master.addHook(new Untrained());
    int rows = ROUNDS * WORKERS * 2 * BATCH;
    spark.sc().addSparkListener(traffic);
    new SparkComputationGraph(spark, network, master)
        .fitPaths(spark.parallelize(List.of(ExampleLoader.path(rows))), new Vectors());
    spark.sc().listenerBus().waitUntilEmpty();
    spark.sc().removeSparkListener(traffic);
  }

  @Test
  void onlyFactorsAndHeadsTravelAndEachReplicaIsCompletedOnce() throws Exception {
    COMPLETED.set(0);
    ComputationGraph far = network();
    ComputationGraph near = network();
    NetworkState state = NetworkState.of(far);
    long trained = (long) Float.BYTES * (state.parameters().length + state.updater().length);
    long whole = 3L * Float.BYTES * EncoderLayout.of(SHAPE).length(); // with the state of Adam
    Traffic traffic = new Traffic();

    AveragingMaster between = new AveragingMaster(TestMasters.config(WORKERS, 2, BATCH).build());
    between.exchangeBy(new BetweenJvms());
    train(far, between, traffic);

    assertThat(trained).isLessThan(whole / 15);
    assertThat(traffic.results.get()).isBetween(ROUNDS * trained, (long) (ROUNDS * trained * 1.2));
    assertThat(traffic.largestBlock.get()).isLessThan(2 * trained);
    assertThat(COMPLETED.get()).isBetween(1, WORKERS);

    train(near, new AveragingMaster(TestMasters.config(WORKERS, 2, BATCH).build()), new Traffic());
    TestMasters.requireSame(far, near);
    assertThat(NetworkState.of(far).parameters()).isNotEqualTo(state.parameters());
  }
}
