package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.config.BatchLimits;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.storage.Artefact;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.shard.ShardIndex;
import io.attune.schemas.table.Split;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Chooses how many workers train in parallel.
 *
 * <p>Each of W workers makes a W-th of the steps of an epoch, and their average is about one of
 * them: a cluster with more cores would give a less accurate model of the same data. So workers are
 * as many as leave each {@code train.min-steps} steps, and as many as those of the model in use,
 * unless the configuration says how many.
 *
 * @param workers at least 1
 * @param warning of what is configured; empty for none
 * @param note a clause that follows others, such as {@code ; 2 of 16 core slots trained: ...};
 *     empty for none
 */
record WorkerCount(int workers, String warning, String note) {

  /**
   * Holds what the number follows from.
   *
   * @param rows of an epoch
   * @param steps of one worker alone in an epoch
   * @param slots tasks that Spark runs at a time
   * @param ofCurrent workers that trained the model in use; empty where there is none, or where no
   *     network was trained for it
   */
  record Case(long rows, long steps, int slots, OptionalInt ofCurrent) {}

  /**
   * Returns the number for a run.
   *
   * @throws Failure.BadUsage if more workers are asked for than there are rows
   */
  static WorkerCount of(StageContext context, TrainingData data, TrainConfig config, int slots) {
    Case given =
        new Case(
            data.epochRows(),
            steps(data.index(), data.epochRows(), config.batch()),
            slots,
            config.averaging().workers() == 0 ? ofCurrent(context) : OptionalInt.empty());
    return of(config.averaging().workers(), config.minSteps(), given);
  }

  /**
   * Returns the number.
   *
   * @param wanted 0 for one that follows from the case
   * @param minSteps of a worker in an epoch
   * @throws Failure.BadUsage if more workers are asked for than there are rows
   */
  static WorkerCount of(int wanted, int minSteps, Case given) {
    if (wanted > given.rows()) {
      throw new Failure.BadUsage(
          "train.averaging.workers is %d, and the train split has %d rows: a worker would have"
              + " nothing to train; ask for fewer workers, or for 0 to have as many as the rows"
              + " allow",
          wanted, given.rows());
    }
    int most = most(minSteps, given);
    if (wanted > 0) {
      return new WorkerCount(
          wanted, wanted > most ? tooMany(wanted, most, minSteps, given) : "", "");
    }
    int kept = given.ofCurrent().orElse(given.slots());
    int workers = Math.min(kept, most);
    if (workers >= given.slots()) {
      return new WorkerCount(workers, "", "");
    }
    String why =
        kept > most
            ? "more workers would make fewer than %d steps an epoch each (train.min-steps)"
                .formatted(minSteps)
            : "as many as for the model in use; train.averaging.workers says another number";
    return new WorkerCount(
        workers,
        "",
        String.format(
            Locale.ROOT, "; %d of %d core slots trained: %s", workers, given.slots(), why));
  }

  private static int most(int minSteps, Case given) {
    long byRows = Math.min(Integer.MAX_VALUE, given.rows());
    return (int) Math.max(1, Math.min(byRows, given.steps() / Math.max(1, minSteps)));
  }

  private static String tooMany(int wanted, int most, int minSteps, Case given) {
    return String.format(
        Locale.ROOT,
        "train.averaging.workers is %d: each makes some %d steps an epoch, fewer than %d"
            + " (train.min-steps), and the model may be less accurate than that of fewer workers;"
            + " %d or fewer keep to it, and so does 0",
        wanted,
        Math.max(1, given.steps() / wanted),
        minSteps,
        most);
  }

  /** Returns how many minibatches an epoch has at least: rows or tokens limit one. */
  private static long steps(ShardIndex index, long epochRows, BatchLimits limits) {
    long rows = Math.max(1, index.rows(Split.TRAIN));
    double meanTokens =
        (double) index.of(Split.TRAIN).stream().mapToLong(ShardIndex.Shard::tokens).sum() / rows;
    return Math.max(1, epochRows / limits.rowsOf(meanTokens));
  }

  private static OptionalInt ofCurrent(StageContext context) {
    Run run = context.run();
    Optional<String> version = CurrentModel.of(context.storage(), run.task()).version();
    if (version.isEmpty()) {
      return OptionalInt.empty();
    }
    String folder = Run.modelOf(run.task(), version.get());
    if (!context.artefacts().isPublished(folder)) {
      return OptionalInt.empty(); // compare says what is wrong with it
    }
    Artefact bundle = context.artefacts().open(folder);
    int workers = bundle.json(ModelBundle.TRAINING, TrainingRecord.class).workers();
    return workers == 0 ? OptionalInt.empty() : OptionalInt.of(workers);
  }
}
