package io.attune.neural.averaging.worker;

import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Trains any RDD of data sets: cuts it into minibatches once and keeps them as bytes, one partition
 * a worker, so that a round reads its own minibatches and skips the others without decoding them.
 *
 * @param rows of each minibatch, by partition
 */
public record StoredWork(
    JavaRDD<Stored> minibatches, Broadcast<Setup> setup, List<List<Integer>> rows, RoundPlan plan)
    implements Work {

  /** Holds one minibatch in DL4J's own binary form. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes in transit; never compared.
  record Stored(byte[] bytes, int rows) implements Serializable {
    private static final long serialVersionUID = 1;

    public static Stored of(MultiDataSet batch) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        batch.save(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Stored(bytes.toByteArray(), (int) Rebatched.rowsOf(batch));
    }

    MultiDataSet open() {
      MultiDataSet batch = new org.nd4j.linalg.dataset.MultiDataSet();
      try {
        batch.load(new ByteArrayInputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return batch;
    }
  }

  /** Stores the minibatches of {@code data}; one Spark job, of which the last part counts them. */
  public static StoredWork of(
      JavaRDD<MultiDataSet> data, RoundPlan.BatchSchedule batchSchedule, Broadcast<Setup> setup) {
    int workers = setup.value().config().averaging().workers();
    int batchRows = setup.value().config().batch().rows();
    int partitions = data.getNumPartitions();
    JavaRDD<MultiDataSet> placed = data;
    if (partitions > workers) {
      placed = data.coalesce(workers);
    } else if (partitions < workers) {
      placed = data.repartition(workers);
    }
    JavaRDD<Stored> stored = placed.mapPartitions(part -> store(part, batchRows));
    stored.persist(StorageLevel.MEMORY_AND_DISK());
    List<List<Integer>> rows = stored.mapPartitions(StoredWork::rowsOf).collect();
    RoundPlan plan = RoundPlan.partitioned(rows.stream().map(List::size).toList(), batchSchedule);
    return new StoredWork(stored, setup, rows, plan);
  }

  private static Iterator<Stored> store(Iterator<MultiDataSet> part, int batchRows) {
    Rebatched rebatched = new Rebatched(part, batchRows);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rebatched.hasNext();
      }

      @Override
      public Stored next() {
        return Stored.of(rebatched.next());
      }
    };
  }

  private static Iterator<List<Integer>> rowsOf(Iterator<Stored> part) {
    List<Integer> rows = new ArrayList<>();
    part.forEachRemaining(batch -> rows.add(batch.rows()));
    return List.<List<Integer>>of(rows).iterator();
  }

  @Override
  public long rowsIn(int round) {
    long sum = 0;
    for (int worker = 0; worker < plan.workers(); worker++) {
      sum +=
          rows.get(worker).subList(from(round, worker), from(round + 1, worker)).stream()
              .mapToInt(Integer::intValue)
              .sum();
    }
    return sum;
  }

  /** Returns a worker's first minibatch of a round, counted within its partition. */
  private int from(int round, int worker) {
    return (int) (plan.from(round, worker) - plan.bounds().get(worker));
  }

  @Override
  public JavaRDD<Trained> tasks(int round, Exchange.Snapshot start, List<Assignment> assignments) {
    List<Integer> from = new ArrayList<>();
    for (Assignment assignment : assignments) {
      from.add(from(round, assignment.worker()));
    }
    return tasks(this, start, new ArrayList<>(assignments), from);
  }

  private static JavaRDD<Trained> tasks(
      StoredWork work, Exchange.Snapshot start, List<Assignment> assignments, List<Integer> from) {
    Broadcast<Setup> setup = work.setup;
    return work.minibatches.mapPartitionsWithIndex(
        (worker, part) -> {
          Assignment assignment = assignments.get(worker);
          Slice slice = new Slice(part, from.get(worker), assignment.units());
          return List.of(WorkerTask.train(setup.value(), assignment, start, slice)).iterator();
        },
        true);
  }

  @Override
  public void close() {
    minibatches.unpersist(false);
  }

  /** Reads some minibatches of a partition. */
  private static final class Slice implements WorkerTask.Minibatches {
    private final Iterator<Stored> partition;
    private final long units;
    private long read;

    Slice(Iterator<Stored> partition, int from, long units) {
      this.partition = partition;
      this.units = units;
      for (int skipped = 0; skipped < from && partition.hasNext(); skipped++) {
        partition.next();
      }
    }

    @Override
    public boolean hasNext() {
      return read < units && partition.hasNext();
    }

    @Override
    public MultiDataSet next() {
      read++;
      return partition.next().open();
    }

    @Override
    public long unitsRead() {
      return read;
    }
  }
}
