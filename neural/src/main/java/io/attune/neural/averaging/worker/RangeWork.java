package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.TaskRdd;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.MinibatchLoader;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.RowRange;
import io.attune.neural.averaging.plan.RowSequence;
import io.attune.neural.averaging.plan.Segment;
import io.attune.neural.averaging.state.AveragingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Trains rows of files that executors read for themselves, cut wherever the plan says. */
public record RangeWork(
    JavaSparkContext spark, Broadcast<Setup> setup, RowSequence rows, RoundPlan plan)
    implements Work {

  /**
   * Plans the rows of an epoch that are not trained yet.
   *
   * @param ranges of the whole epoch
   * @param progress with the segments of the epoch that were made before
   */
  public static RangeWork of(
      JavaSparkContext spark,
      Broadcast<Setup> setup,
      List<RowRange> ranges,
      AveragingProgress progress) {
    MasterConfig config = setup.value().config();
    AveragingConfig averaging = config.averaging();
    MinibatchLoader loader = (MinibatchLoader) setup.value().loader().multiDataSets();
    int perStep = config.batch().rowsOf(loader.meanTokens());
    int frequency = progress.frequency(averaging);
    int resumeFrom = progress.roundsToResumeFrom(averaging.workers(), frequency);
    List<Segment> segments = progress.segments();
    RowSequence rows = new RowSequence(ranges);
    int before = progress.roundsBefore();
    // The last segment is left to the new plan, if that continues it.
    for (Segment made : segments.subList(0, segments.size() - (resumeFrom > 0 ? 1 : 0))) {
      RoundPlan plan =
          RoundPlan.even(
              rows.rows(),
              made.workers(),
              RoundPlan.BatchSchedule.of(averaging, perStep, made.frequency(), before));
      rows = rows.after(plan, made.rounds());
      before += made.rounds();
    }
    RoundPlan.BatchSchedule schedule =
        RoundPlan.BatchSchedule.of(averaging, perStep, frequency, before);
    return new RangeWork(
        spark, setup, rows, RoundPlan.even(rows.rows(), averaging.workers(), schedule));
  }

  private record Task(
      Broadcast<Setup> setup, Exchange.Snapshot start, Assignment assignment, List<RowRange> ranges)
      implements TaskRdd.Task {
    private static final long serialVersionUID = 1;

    @Override
    public Trained run() {
      return WorkerTask.train(
          setup.value(), assignment, start, new Rows(setup.value(), assignment, ranges));
    }
  }

  @Override
  public long rowsIn(int round) {
    return plan.unitsIn(round);
  }

  @Override
  public JavaRDD<Trained> tasks(int round, Exchange.Snapshot start, List<Assignment> assignments) {
    List<TaskRdd.Task> tasks = new ArrayList<>();
    for (Assignment assignment : assignments) {
      int worker = assignment.worker();
      List<RowRange> ranges = rows.slice(plan.from(round, worker), plan.to(round, worker));
      tasks.add(new Task(setup, start, assignment, ranges));
    }
    return TaskRdd.of(spark, tasks);
  }

  @Override
  public Optional<Work> replanned(int made, int frequency) {
    RowSequence left = rows.after(plan, made);
    RoundPlan.BatchSchedule schedule =
        new RoundPlan.BatchSchedule(plan.perStep(), frequency, Math.max(0, plan.warmUp() - made));
    return Optional.of(
        new RangeWork(spark, setup, left, RoundPlan.even(left.rows(), plan.workers(), schedule)));
  }

  @Override
  public void close() {}

  /** Reads the minibatches of the ranges and counts their rows. */
  private static final class Rows implements WorkerTask.Minibatches {
    private final Iterator<MultiDataSet> minibatches;
    private long read;

    Rows(Setup setup, Assignment assignment, List<RowRange> ranges) {
      try {
        minibatches =
            ((MinibatchLoader) setup.loader().multiDataSets())
                .minibatches(ranges, setup.config().batch(), assignment.seed());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + ranges, e);
      }
    }

    @Override
    public boolean hasNext() {
      return minibatches.hasNext();
    }

    @Override
    public MultiDataSet next() {
      MultiDataSet batch = minibatches.next();
      read += batch.getFeatures(0).size(0);
      return batch;
    }

    @Override
    public long unitsRead() {
      return read;
    }
  }
}
