package io.attune.pipeline.stage.train.data;

import io.attune.neural.NativeThreads;
import io.attune.neural.TaskMemory;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.network.Networks;
import io.attune.pipeline.JobDescription;
import io.attune.pipeline.encoder.SteadySpeed;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures on executors what time and memory it costs to use an encoder and to train its last
 * blocks.
 *
 * @param whole all blocks of the encoder
 * @param network to train, which takes vectors, as DL4J's JSON
 * @param loader of token ids
 * @param rows of the train split
 * @param least time of each of the two measurements, after a first minibatch that is not timed;
 *     they are repeated until they are no faster. Zero for one minibatch
 */
public record SpeedTask(
    StemReference whole,
    String network,
    ShardLoader loader,
    RowRange rows,
    BatchLimits limits,
    Duration least)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Holds what one task needs for one token.
   *
   * @param forward seconds through all blocks of the encoder
   * @param step seconds of a step of the network
   * @param keptBytes that the network holds outside the heap for its backward pass; 0 if it is not
   *     known
   * @param allowedBytes outside the heap for the whole task
   */
  public record Speed(double forward, double step, double keptBytes, long allowedBytes) {}

  /** Holds what one task found; {@code allowedBytes} is for all tasks of its executor. */
  private record Finding(
      String executor, double forward, double step, double keptBytes, long allowedBytes)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Measures in as many tasks at a time as there are core slots, because they share memory and
   * cache, and returns the mean of their times, and the most and the least memory.
   */
  public Speed measure(SparkSession session) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int slots = Math.max(1, spark.defaultParallelism());
    Broadcast<SpeedTask> task = spark.broadcast(this);
    try {
      List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
      List<Finding> found =
          JobDescription.during(
              session,
              "train: measure the encoder's speed",
              () ->
                  spark
                      .parallelize(numbers, slots)
                      .map(number -> TaskMemory.guarded(() -> task.value().run()))
                      .collect());
      Map<String, Long> tasks =
          found.stream().collect(Collectors.groupingBy(Finding::executor, Collectors.counting()));
      return new Speed(
          found.stream().mapToDouble(Finding::forward).average().orElseThrow(),
          found.stream().mapToDouble(Finding::step).average().orElseThrow(),
          found.stream().mapToDouble(Finding::keptBytes).max().orElseThrow(),
          found.stream()
              .mapToLong(of -> of.allowedBytes() / tasks.get(of.executor()))
              .min()
              .orElseThrow());
    } finally {
      task.destroy();
    }
  }

  private Finding run() throws IOException {
    NativeThreads.oneForEachTask();
    List<MultiDataSet> batches = new ArrayList<>();
    Iterator<MultiDataSet> read = loader.minibatches(List.of(rows), limits, 0);
    read.forEachRemaining(batches::add);
    StandaloneEncoder encoder = whole.acquire();
    double forward = seconds(batches, batch -> encoder.encode(tokens(batch)));
    List<MultiDataSet> vectors = new ArrayList<>();
    for (MultiDataSet batch : batches) {
      vectors.add(withVectors(batch, encoder.encode(tokens(batch)), encoder.shape().width()));
    }
    whole.release(encoder);
    ComputationGraph trained =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(network));
    trained.init();
    double step = seconds(vectors, trained::fit);
    MultiDataSet largest = Collections.max(vectors, Comparator.comparingLong(SpeedTask::count));
    trained.fit(largest);
    return new Finding(
        SparkEnv.get().executorId(),
        forward,
        step,
        (double) Networks.keptBytes(trained) / count(largest),
        Pointer.maxBytes() > 0 ? Pointer.maxBytes() : Long.MAX_VALUE);
  }

  /** Returns the number of tokens of a minibatch, without padding. */
  private static long count(MultiDataSet batch) {
    return batch.getFeaturesMaskArray(0).sumNumber().longValue();
  }

  /** Does something with minibatches, again and again, and returns its seconds for a token. */
  private double seconds(List<MultiDataSet> batches, Consumer<MultiDataSet> work) {
    work.accept(batches.get(0));
    return least.isZero()
        ? secondsOnce(batches, work)
        : SteadySpeed.seconds(() -> secondsOnce(batches, work));
  }

  private double secondsOnce(List<MultiDataSet> batches, Consumer<MultiDataSet> work) {
    long tokens = 0;
    long started = System.nanoTime();
    long nanos = 0;
    for (int i = 0; i == 0 || nanos < least.toNanos(); i++) {
      MultiDataSet batch = batches.get(i % batches.size());
      work.accept(batch);
      tokens += count(batch);
      nanos = System.nanoTime() - started;
    }
    return (double) nanos / TimeUnit.SECONDS.toNanos(1) / tokens;
  }

  private static List<int[]> tokens(MultiDataSet batch) {
    float[][] ids = batch.getFeatures(0).toFloatMatrix();
    float[][] mask = batch.getFeaturesMaskArray(0).toFloatMatrix();
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < ids.length; row++) {
      float[] values = ids[row];
      float[] marks = mask[row];
      rows.add(
          IntStream.range(0, values.length)
              .filter(column -> marks[column] > 0)
              .map(column -> (int) values[column])
              .toArray());
    }
    return rows;
  }

  private static MultiDataSet withVectors(MultiDataSet batch, float[][] vectors, int width) {
    int rows = vectors.length;
    int time = (int) batch.getFeatures(0).size(1);
    float[] values = new float[rows * time * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(vectors[row], 0, values, row * time * width, vectors[row].length);
    }
    INDArray input = Nd4j.create(values, new int[] {rows, time, width}).permute(0, 2, 1);
    return new org.nd4j.linalg.dataset.MultiDataSet(
        new INDArray[] {input},
        batch.getLabels(),
        batch.getFeaturesMaskArrays(),
        batch.getLabelsMaskArrays());
  }
}
