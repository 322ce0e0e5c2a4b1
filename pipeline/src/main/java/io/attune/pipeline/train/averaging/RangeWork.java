package io.attune.pipeline.train.averaging;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Rows of files that executors read for themselves, cut wherever the plan says. */
record RangeWork(JavaSparkContext spark, Broadcast<Setup> setup, RowLine line, RoundPlan plan)
    implements Work {

  private record Task(Assignment assignment, List<RowRange> ranges) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  @Override
  public long rowsIn(int round) {
    return plan.unitsIn(round);
  }

  @Override
  public JavaRDD<Trained> tasks(int round, Exchange.Parcel start, List<Assignment> assignments) {
    List<Task> tasks = new ArrayList<>();
    for (Assignment assignment : assignments) {
      int worker = assignment.worker();
      tasks.add(new Task(assignment, line.slice(plan.from(round, worker), plan.to(round, worker))));
    }
    return tasks(spark, setup, start, tasks);
  }

  private static JavaRDD<Trained> tasks(
      JavaSparkContext spark, Broadcast<Setup> setup, Exchange.Parcel start, List<Task> tasks) {
    return spark.parallelize(tasks, tasks.size()).map(task -> train(setup.value(), task, start));
  }

  private static Trained train(Setup setup, Task task, Exchange.Parcel start) {
    return WorkerTask.train(
        setup, task.assignment(), start, new Rows(setup, task.assignment(), task.ranges()));
  }

  @Override
  public Optional<Work> replanned(int made, int frequency) {
    RowLine left = line.after(plan, made);
    RoundPlan.Pace pace =
        new RoundPlan.Pace(plan.perStep(), frequency, Math.max(0, plan.warmUp() - made));
    return Optional.of(
        new RangeWork(spark, setup, left, RoundPlan.even(left.rows(), plan.workers(), pace)));
  }

  @Override
  public void close() {}

  /** Minibatches of the ranges, their rows counted. */
  private static final class Rows implements WorkerTask.Minibatches {
    private final Iterator<MultiDataSet> minibatches;
    private long read;

    Rows(Setup setup, Assignment assignment, List<RowRange> ranges) {
      try {
        minibatches =
            ((MinibatchLoader) setup.loader().multiDataSets())
                .minibatches(ranges, setup.config().limits(), assignment.seed());
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
