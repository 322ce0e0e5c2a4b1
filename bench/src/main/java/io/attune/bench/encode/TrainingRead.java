package io.attune.bench.encode;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.plan.CountedMinibatch;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.RoundPlan.BatchSchedule;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.RowSequence;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.data.ShardLoader;
import io.attune.pipeline.stage.train.data.TokenInputs;
import io.attune.pipeline.storage.Artefact;
import io.attune.schemas.model.LabelSets;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Reads an epoch of a train split as the workers of a training do.
 *
 * @param tokens without padding
 * @param positions with padding
 */
record TrainingRead(long tokens, long positions, double seconds) {
  private static final BatchLimits LIMITS = new BatchLimits(32, 8192);
  private static final int STEPS = 64; // train.averaging.frequency

  /** Reads the dataset of a run once for each of some numbers of workers. */
  static void print(StageContext night, int... workers) throws IOException {
    for (int number : workers) {
      TrainingRead read = of(night, number);
      System.out.printf(
          Locale.ROOT,
          "  reading shards into minibatches, %d worker%s on one thread: %,.0f tokens/s, padding"
              + " %.2f %% of %,d positions%n",
          number,
          number == 1 ? "" : "s",
          read.tokens / read.seconds,
          100.0 * (read.positions - read.tokens) / read.positions,
          read.positions);
    }
  }

  private static TrainingRead of(StageContext night, int workers) throws IOException {
    Artefact dataset = night.artefacts().open(night.run().dataset());
    ShardIndex index = dataset.json(ShardIndex.FILE_NAME, ShardIndex.class);
    double meanTokens = (double) index.tokens(Split.TRAIN) / index.rows(Split.TRAIN);
    ShardLoader loader =
        new ShardLoader(
            new SerializableConfiguration(night.spark().sparkContext().hadoopConfiguration()),
            dataset.json(ModelBundle.LABELS, LabelSets.class),
            new TokenInputs(),
            meanTokens);
    List<RowRange> ranges =
        index.of(Split.TRAIN).stream()
            .map(shard -> new RowRange(dataset.location() + "/" + shard.file(), 0, shard.rows(), 1))
            .toList();
    RowSequence epoch = new RowSequence(ranges);
    RoundPlan plan =
        RoundPlan.even(
            epoch.rows(), workers, new BatchSchedule(LIMITS.rowsOf(meanTokens), STEPS, 0));
    long tokens = 0;
    long positions = 0;
    long started = System.nanoTime();
    for (int round = 0; round < plan.rounds(); round++) {
      for (int worker = 0; worker < workers; worker++) {
        Iterator<MultiDataSet> batches =
            loader.minibatches(
                epoch.slice(plan.from(round, worker), plan.to(round, worker)), LIMITS, round);
        while (batches.hasNext()) {
          CountedMinibatch batch = (CountedMinibatch) batches.next();
          tokens += batch.tokens();
          positions += batch.getFeaturesMaskArray(0).length();
        }
      }
    }
    return new TrainingRead(tokens, positions, (System.nanoTime() - started) / 1e9);
  }
}
