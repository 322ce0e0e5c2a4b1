package io.attune.pipeline.encoder;

import io.attune.neural.NativeThreads;
import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.Precision;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.LabelSets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures in this process, with one thread and in seconds, what it costs to use and to train an
 * encoder of a shape. Two blocks of random parameters stand for all: blocks cost the same, whatever
 * they were trained to.
 *
 * @param shape of a whole encoder
 * @param task whose longest row the measured rows have
 */
public record EncoderTrial(
    EncoderShape shape, ModelConfig model, UpdaterConfig updater, Networks.Task task) {
  private static final int BLOCKS = 2;
  private static final int VOCABULARY = 1024;
  private static final Duration EACH = Duration.ofMillis(300);

  /** Limits the tokens of a minibatch: enough for full speed, and soon done on a busy machine. */
  private static final int TOKENS = 1024;

  private static final double NANOS = 1e9;
  private static final float SCALE = 0.02f;

  /**
   * Holds what one token costs in one block.
   *
   * @param forward seconds
   * @param step seconds of a step of training
   * @param keptBytes outside the heap for the backward pass; 0 if it is not known
   */
  public record Cost(double forward, double step, double keptBytes) {
    /**
     * Returns the seconds of one worker.
     *
     * @param blocks of the encoder
     * @param trained its last blocks that are trained; the vectors of the others are computed once
     * @param passes over the tokens in training
     */
    public double seconds(int blocks, int trained, double passes, long tokens) {
      return tokens * ((blocks - trained) * forward + passes * trained * step);
    }
  }

  /** Returns the shape of an encoder of BERT's form, as far as time and memory depend on it. */
  public static EncoderShape shape(EncoderCard card) {
    return EncoderShape.builder(Part.WHOLE, card.width())
        .vocabulary(card.vocabulary())
        .maxTokens(card.maxTokens())
        .blocks(card.layers())
        .heads(card.heads())
        .feedForward(card.feedForward())
        .norm(Norm.POST)
        .positions(Positions.LEARNED)
        .embeddingNorm(true)
        .pooling(Pooling.MEAN)
        .build();
  }

  /** Measures in rows of the longest length, as far as the encoder takes it. */
  public Cost measure() {
    NativeThreads.oneForEachTask();
    Random random = new Random(1);
    PretrainedEncoder encoder = encoder(shape, random);
    int blocks = encoder.shape().blocks();
    int time = Math.min(task.maxTokens(), shape.maxTokens());
    int rows = Math.max(1, TOKENS / time);
    double each = (double) rows * time * blocks;
    double forward = forward(encoder, model.backend(), model.precision(), task.maxTokens());
    FineTuning tuning = FineTuning.ofBlocks(encoder, blocks, model, task);
    ComputationGraph network = new ComputationGraph(tuning.configuration(updater));
    network.init();
    MultiDataSet batch = batch(random, rows, time);
    double stepSeconds = seconds(() -> network.fit(batch));
    return new Cost(forward, stepSeconds / each, Networks.keptBytes(network) / each);
  }

  /** Measures the forward pass alone: returns the seconds of one token in one block. */
  static double forward(
      EncoderShape shape, BackendChoice backend, Precision precision, int longest) {
    NativeThreads.oneForEachTask();
    return forward(encoder(shape, new Random(1)), backend, precision, longest);
  }

  private static double forward(
      PretrainedEncoder encoder, BackendChoice backend, Precision precision, int longest) {
    Random random = new Random(1);
    int time = Math.min(longest, encoder.shape().maxTokens());
    int rows = Math.max(1, TOKENS / time);
    StandaloneEncoder forward =
        new StandaloneEncoder(
            encoder.shape(), Nd4j.createFromArray(encoder.parameters()), backend, precision);
    List<int[]> ids =
        IntStream.range(0, rows)
            .mapToObj(row -> random.ints(time, 0, VOCABULARY).toArray())
            .toList();
    return seconds(() -> forward.encode(ids)) / ((double) rows * time * encoder.shape().blocks());
  }

  private static PretrainedEncoder encoder(EncoderShape shape, Random random) {
    EncoderShape small =
        shape.toBuilder().vocabulary(VOCABULARY).blocks(Math.min(BLOCKS, shape.blocks())).build();
    float[] parameters = new float[Math.toIntExact(EncoderLayout.of(small).length())];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = SCALE * (2 * random.nextFloat() - 1);
    }
    return new PretrainedEncoder(small, parameters);
  }

  private MultiDataSet batch(Random random, int rows, int time) {
    float[] vectors = new float[rows * time * shape.width()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = 2 * random.nextFloat() - 1;
    }
    INDArray input = Nd4j.create(vectors, new int[] {rows, time, shape.width()}).permute(0, 2, 1);
    List<LabelSets.Head> heads = task.labels().heads();
    INDArray[] labels = new INDArray[heads.size()];
    for (int head = 0; head < labels.length; head++) {
      labels[head] = Nd4j.zeros(DataType.FLOAT, rows, heads.get(head).classes().size());
      labels[head].getColumn(0).assign(1);
    }
    INDArray[] masks = {Nd4j.ones(DataType.FLOAT, rows, time)};
    INDArray[] labelMasks = new INDArray[labels.length];
    Arrays.fill(labelMasks, null);
    return new MultiDataSet(new INDArray[] {input}, labels, masks, labelMasks);
  }

  /** Does something again and again, and returns the seconds of one time. */
  private static double seconds(Runnable work) {
    work.run();
    return SteadySpeed.seconds(() -> secondsOfOne(work));
  }

  private static double secondsOfOne(Runnable work) {
    long started = System.nanoTime();
    int times = 0;
    do {
      work.run();
      times++;
    } while (System.nanoTime() - started < EACH.toNanos());
    return (System.nanoTime() - started) / NANOS / times;
  }
}
