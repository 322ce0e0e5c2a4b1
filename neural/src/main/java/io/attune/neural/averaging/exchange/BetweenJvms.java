package io.attune.neural.averaging.exchange;

import io.attune.neural.averaging.plan.Segment;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Exchanges states with workers in other JVMs: a state goes out by broadcast and comes back in
 * slices, which tasks on the executors average, so that the driver receives one averaged copy
 * however many workers there are.
 */
public record BetweenJvms() implements Exchange {
  private static final long serialVersionUID = 1;

  /**
   * Allows for what the driver receives in addition to the values: bits of {@link Changes}, names.
   */
  private static final double ENVELOPE = 1.1;

  private record ByBroadcast(Broadcast<NetworkState> broadcast) implements Snapshot {
    private static final long serialVersionUID = 1;

    @Override
    public NetworkState open() {
      return broadcast.value();
    }
  }

  /** Represents what travels between the tasks of a round. */
  private sealed interface Piece extends Serializable {}

  private record Report(WorkerResult result) implements Piece {
    private static final long serialVersionUID = 1;
  }

  /** Holds a slice of the state of a worker, or of the mean, as it differs from the start. */
  private record Slice(int number, long rows, Changes changes) implements Piece {
    private static final long serialVersionUID = 1;
  }

  /** Sends neighbouring slices to one reducer, and all reports to the first. */
  private static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1;
    private final int slices;
    private final int reducers;

    BySlice(int slices, int reducers) {
      this.slices = slices;
      this.reducers = reducers;
    }

    @Override
    public int numPartitions() {
      return reducers;
    }

    @Override
    public int getPartition(Object key) {
      long slice = Math.max(0, ((long) key >> Integer.SIZE) - 1);
      return (int) (slice * reducers / slices);
    }
  }

  /** Sorts reports first, then by slice, then by worker: sums are taken in that order. */
  private static long key(int slice, int worker) {
    return ((slice + 1L) << Integer.SIZE) | worker;
  }

  @Override
  public Message send(JavaSparkContext spark, String name, NetworkState state) {
    Broadcast<NetworkState> broadcast = spark.broadcast(state);
    return new Message() {
      @Override
      public Snapshot snapshot() {
        return new ByBroadcast(broadcast);
      }

      @Override
      public void close() {
        broadcast.destroy();
      }
    };
  }

  @Override
  public ReduceResult reduce(JavaRDD<Trained> tasks, String name, Snapshot start) {
    NetworkState from = start.open();
    int most = Math.min(tasks.getNumPartitions(), tasks.context().defaultParallelism());
    Slices slices = Slices.of(from, Math.max(1, most));
    int reducers = Math.max(1, Math.min(most, slices.count()));
    JavaPairRDD<Long, Piece> pieces =
        cut(tasks, slices, start)
            .repartitionAndSortWithinPartitions(new BySlice(slices.count(), reducers));
    JavaRDD<Piece> reduced = onSameExecutors(tasks, sumSlices(pieces, slices, start));
    try {
      return assemble(reduced.collect(), slices, from);
    } finally {
      // The shuffle's files would stay until the driver's garbage collector finds its name.
      reduced.rdd().cleanShuffleDependencies(false);
    }
  }

  /** Runs on the executors that trained: others may not even fit next to them on the cluster. */
  private static JavaRDD<Piece> onSameExecutors(JavaRDD<Trained> tasks, JavaRDD<Piece> reduced) {
    ResourceProfile profile = tasks.getResourceProfile();
    return profile == null ? reduced : reduced.withResources(profile);
  }

  private static JavaPairRDD<Long, Piece> cut(
      JavaRDD<Trained> tasks, Slices slices, Snapshot start) {
    return tasks.flatMapToPair(
        trained -> {
          NetworkState base = start.open();
          List<Tuple2<Long, Piece>> pieces = new ArrayList<>();
          WorkerResult result = trained.result();
          pieces.add(new Tuple2<>(key(-1, result.worker()), new Report(result)));
          for (int slice = 0; result.counts() && slice < slices.count(); slice++) {
            float[] values = slices.read(trained.state(), slice);
            Changes changes = Changes.of(values, slices.read(base, slice));
            pieces.add(
                new Tuple2<>(
                    key(slice, result.worker()), new Slice(slice, result.rows(), changes)));
          }
          return pieces.iterator();
        });
  }

  private static JavaRDD<Piece> sumSlices(
      JavaPairRDD<Long, Piece> pieces, Slices slices, Snapshot start) {
    return pieces.mapPartitions(sorted -> new Means(sorted, slices, start.open()));
  }

  /** Computes the mean of each slice of a partition; reports pass. Holds one slice at a time. */
  private static final class Means implements Iterator<Piece> {
    private final Iterator<Tuple2<Long, Piece>> sorted;
    private final Slices slices;
    private final NetworkState start;
    private Piece waiting;

    Means(Iterator<Tuple2<Long, Piece>> sorted, Slices slices, NetworkState start) {
      this.sorted = sorted;
      this.slices = slices;
      this.start = start;
      advance();
    }

    private void advance() {
      waiting = sorted.hasNext() ? sorted.next()._2() : null;
    }

    @Override
    public boolean hasNext() {
      return waiting != null;
    }

    @Override
    public Piece next() {
      if (!(waiting instanceof Slice first)) {
        Piece report = waiting;
        advance();
        return report;
      }
      float[] base = slices.read(start, first.number());
      WeightedMean.Sums sums = new WeightedMean.Sums(base.length);
      while (waiting instanceof Slice slice && slice.number() == first.number()) {
        float[] values = base.clone();
        slice.changes().applyTo(values);
        sums.add(values, slice.rows());
        advance();
      }
      return new Slice(first.number(), 0, Changes.of(sums.mean(), base));
    }
  }

  private static ReduceResult assemble(List<Piece> pieces, Slices slices, NetworkState start) {
    List<WorkerResult> results = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece instanceof Report report) {
        results.add(report.result());
      }
    }
    List<WorkerResult> counting = results.stream().filter(WorkerResult::counts).toList();
    if (counting.isEmpty()) {
      return new ReduceResult(results, Optional.empty());
    }
    NetworkState mean =
        new NetworkState(
            start.parameters().clone(), start.updater().clone(), WeightedMean.iteration(counting));
    for (Piece piece : pieces) {
      if (piece instanceof Slice slice) {
        float[] values = slices.read(start, slice.number());
        slice.changes().applyTo(values);
        slices.write(values, slice.number(), mean);
      }
    }
    return new ReduceResult(results, Optional.of(mean));
  }

  @Override
  public void requireFits(JavaSparkContext spark, NetworkState state) {
    requireCarries(SparkEnv.get().serializer());
    String key = "spark.driver.maxResultSize";
    long limit = spark.getConf().getSizeAsBytes(key, "1g");
    long values = (long) state.parameters().length + state.updater().length;
    long needed = (long) (values * Float.BYTES * ENVELOPE) + (1 << 20);
    if (limit > 0 && needed > limit) {
      throw new Failure.BadUsage(
          "A round brings %d MiB of averaged parameters and updater state to the driver, and %s is"
              + " %d MiB; set it to %dm or more, and give the driver memory for it",
          needed >> 20, key, limit >> 20, (needed >> 20) + 1);
    }
  }

  /** Refuses a serializer that cannot read records, as Spark's Kryo, before the first round. */
  static void requireCarries(Serializer serializer) {
    SerializerInstance instance = serializer.newInstance();
    ClassTag<Segment> type = ClassTag$.MODULE$.apply(Segment.class);
    Segment sent = new Segment(1, 2, 3);
    Object received;
    try {
      received = instance.deserialize(instance.serialize(sent, type), type);
    } catch (RuntimeException e) {
      received = e;
    }
    if (!sent.equals(received)) {
      throw new Failure.BadUsage(
          "Spark's serializer %s does not carry Java records, which workers send back: %s; leave"
              + " spark.serializer at org.apache.spark.serializer.JavaSerializer",
          serializer.getClass().getName(), received);
    }
  }
}
