package io.attune.pipeline.stage.train.data;

import io.attune.neural.EveryJvm;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.Seeds;
import io.attune.pipeline.stage.train.data.RowInputs.Input;
import io.attune.pipeline.stage.train.data.RowInputs.Row;
import io.attune.pipeline.stage.train.data.RowTargets.Target;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads rows of shards where a training task runs.
 *
 * <p>A minibatch has one input with its mask {@code [batch, time]}, and for each head labels {@code
 * [batch, classes]}, one-hot or soft, with a mask {@code [batch, 1]} that is 0 for a missing label,
 * and below 1 for a window of a document, whose windows count as one row together; no mask if all
 * are 1, which DL4J would multiply by at some expense.
 *
 * @param files configuration of the file systems of shards
 * @param inputs make the input of a minibatch; the rows of minibatches do not depend on them
 * @param targets make what is learned of the labels
 * @param resampling takes the rows of a shard of which a range is a part
 * @param meanTokens mean length of a row of the split
 */
public record ShardLoader(
    SerializableConfiguration files,
    LabelSets labels,
    RowInputs inputs,
    RowTargets targets,
    Resampling resampling,
    double meanTokens)
    implements MinibatchLoader {
  private static final long serialVersionUID = 1;

  /** Makes a loader of the labels as they are. */
  public ShardLoader(
      SerializableConfiguration files, LabelSets labels, RowInputs inputs, double meanTokens) {
    this(files, labels, inputs, new RowTargets.Labels(), Resampling.NONE, meanTokens);
  }

  /** Returns a loader of the same rows with other targets. */
  public ShardLoader toward(RowTargets other) {
    return new ShardLoader(files, labels, inputs, other, resampling, meanTokens);
  }

  /** Returns a loader that makes other inputs of the rows. */
  public ShardLoader reading(RowInputs other) {
    return new ShardLoader(files, labels, other, targets, resampling, meanTokens);
  }

  /** Returns a loader whose ranges count the rows that an epoch takes. */
  public ShardLoader drawing(Resampling other) {
    return new ShardLoader(files, labels, inputs, targets, other, meanTokens);
  }

  /** Frees the memory that executors keep for the shards that they read last. */
  public static void forgetShards(JavaSparkContext spark) {
    EveryJvm.run(spark, ShardCache::clear);
  }

  @Override
  public Iterator<org.nd4j.linalg.dataset.api.MultiDataSet> minibatches(
      List<RowRange> ranges, BatchLimits limits, long seed) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (RowRange range : ranges) {
      addRows(rows, range);
    }
    rows.sort(Comparator.comparingInt((Row row) -> -row.length())); // a stable sort
    List<List<Row>> batches = new ArrayList<>();
    int start = 0;
    for (int end : limits.cut(rows.stream().mapToInt(Row::length).toArray())) {
      batches.add(rows.subList(start, end));
      start = end;
    }
    Collections.shuffle(batches, new Random(seed));
    return batches.stream().map(this::minibatch).iterator();
  }

  private void addRows(List<Row> rows, RowRange range) throws IOException {
    DecodedShard shard = ShardCache.open(range.file(), files.value());
    int[] order = resampling.order(range.file(), shard, range.order());
    if (range.to() > order.length) {
      throw new Failure.BadInput(
          "'%s' has %d rows, its index says at least %d; restore the dataset from a copy, or run"
              + " the shard stage again",
          range.file(), order.length, range.to());
    }
    for (int place = (int) range.from(); place < range.to(); place++) {
      rows.add(new Row(range.file(), shard, order[place], Seeds.mix(range.order(), place)));
    }
  }

  private org.nd4j.linalg.dataset.api.MultiDataSet minibatch(List<Row> rows) {
    Input input = input(rows);
    int heads = labels.heads().size();
    INDArray[] values = new INDArray[heads];
    INDArray[] masks = new INDArray[heads];
    for (int head = 0; head < heads; head++) {
      Target target = target(rows, head);
      int[] column = {rows.size(), 1};
      values[head] = Nd4j.create(target.values(), new int[] {rows.size(), target.classes()});
      masks[head] = target.isComplete() ? null : Nd4j.create(target.mask(), column);
    }
    return new CountedMinibatch(
        input.values(),
        input.mask(),
        values,
        masks,
        rows.stream().mapToLong(Row::length).sum(),
        weights(rows));
  }

  /** Returns the weights of rows; empty if each counts as one. */
  private static float[] weights(List<Row> rows) {
    float[] weights = new float[rows.size()];
    boolean alike = true;
    for (int row = 0; row < weights.length; row++) {
      weights[row] = rows.get(row).weight();
      alike &= weights[row] == 1;
    }
    return alike ? new float[0] : weights;
  }

  private Target target(List<Row> rows, int head) {
    int classes = labels.heads().get(head).classes().size();
    Target target = new Target(new float[rows.size() * classes], new float[rows.size()]);
    for (int row = 0; row < rows.size(); row++) {
      int label = rows.get(row).shard().labels(rows.get(row).row())[head];
      if (label >= classes) {
        throw new Failure.BadInput(
            "A row has class %d of head '%s', labels.json knows %d classes; run the tokenize and"
                + " shard stages again",
            label, labels.heads().get(head).name(), classes);
      }
      if (label >= 0) {
        target.values()[row * classes + label] = 1;
        target.mask()[row] = 1;
      }
    }
    try {
      targets.apply(rows, head, target, files.value());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the target of a minibatch", e);
    }
    target.weigh(rows);
    return target;
  }

  private Input input(List<Row> rows) {
    try {
      return inputs.of(rows, files.value());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the input of a minibatch", e);
    }
  }

  /** Throws an exception, since rows are read by range. */
  @Override
  public org.nd4j.linalg.dataset.api.MultiDataSet load(Source source) {
    throw new UnsupportedOperationException("Shards are read by range: " + source.getPath());
  }
}
