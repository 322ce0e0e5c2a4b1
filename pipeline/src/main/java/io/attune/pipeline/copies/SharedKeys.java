package io.attune.pipeline.copies;

import static org.apache.spark.sql.functions.lit;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Finds the documents of a night that share a key with another one, of this night or of an earlier
 * one. A key is what two documents have in common if one is a copy or a correction of the other:
 * the id, the hash of the text, a band. All others, mostly nearly all, need not be compared.
 *
 * <p>Keys and places travel as plain numbers in blocks: as rows that Spark sorts they took most of
 * the time of a night.
 */
final class SharedKeys {
  /** Stands as the place of a document of an earlier night. */
  private static final long EARLIER = -1;

  /** Sets the pairs of key and place that one task holds at once, at most 80 bytes each. */
  private static final long PAIRS_OF_TASK = 1_500_000;

  /** Bounds what a hash table of one task can hold. */
  private static final int MOST_PAIRS = 1 << 28;

  private static final int PAIR = 2 * Long.BYTES;

  /** Sets the pairs of a block; as {@link io.attune.pipeline.storage.Scratch} keeps rows, small. */
  private static final int PAIRS_OF_BLOCK = 4096;

  private SharedKeys() {}

  /**
   * Returns the places, in one column, each once.
   *
   * @param night fit documents, as {@link DocumentKeys#columns}
   * @param keys of both, about
   * @param earlier {@link io.attune.schemas.table.Signatures}; null if there are none
   */
  static Dataset<Row> places(Dataset<Row> night, long keys, Dataset<Row> earlier) {
    int cores = night.sparkSession().sparkContext().defaultParallelism();
    int tasks = (int) Math.max(cores, keys / PAIRS_OF_TASK + 1);
    JavaPairRDD<Integer, byte[]> pairs = pairs(night, tasks);
    if (earlier != null) {
      Dataset<Row> placed = earlier.withColumn(Texts.PLACE, lit(EARLIER));
      pairs = pairs.union(pairs(DocumentKeys.columns(placed), tasks));
    }
    JavaRDD<Long> shared =
        pairs.partitionBy(new HashPartitioner(tasks)).values().mapPartitions(SharedKeys::shared);
    return night
        .sparkSession()
        .createDataset(shared.rdd(), Encoders.LONG())
        .toDF(Texts.PLACE)
        .distinct();
  }

  private static JavaPairRDD<Integer, byte[]> pairs(Dataset<Row> documents, int tasks) {
    return documents
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitionsToPair(part -> new Blocks(part, tasks));
  }

  /**
   * Returns, of all pairs of a task, the places whose key several pairs have; a place for each such
   * key.
   */
  static Iterator<Long> shared(Iterator<byte[]> blocks) {
    List<byte[]> all = new ArrayList<>();
    long bytes = 0;
    while (blocks.hasNext()) {
      byte[] block = blocks.next();
      all.add(block);
      bytes += block.length;
    }
    Seen seen = new Seen(Math.toIntExact(bytes / PAIR));
    return all.stream()
        .flatMap(
            block -> {
              LongBuffer pairs = ByteBuffer.wrap(block).asLongBuffer();
              List<Long> places = new ArrayList<>();
              for (int at = 0; at < pairs.limit(); at += 2) {
                seen.add(pairs.get(at), pairs.get(at + 1), places);
              }
              return places.stream();
            })
        .iterator();
  }

  /**
   * Knows where each key was seen first. What it costs is memory that is not in a cache: one look
   * at the table for each pair.
   */
  private static final class Seen {
    private static final long FREE = 0;

    private final long[] keys;
    private final long[] places;

    Seen(int pairs) {
      if (pairs > MOST_PAIRS) {
        throw new IllegalStateException(pairs + " pairs of keys came to one task");
      }
      int size = Math.max(2, Integer.highestOneBit(Math.max(1, pairs)) << 2);
      keys = new long[size];
      places = new long[size];
    }

    /** Adds a pair and, where its key was seen before, its place and the first one to others. */
    void add(long given, long place, List<Long> shared) {
      long key = given == FREE ? ~FREE : given;
      int at = (int) Shingles.mix(key) & (keys.length - 1);
      while (keys[at] != FREE && keys[at] != key) {
        at = (at + 1) & (keys.length - 1);
      }
      if (keys[at] == FREE) {
        keys[at] = key;
        places[at] = place;
        return;
      }
      addIfOfNight(places[at], shared);
      addIfOfNight(place, shared);
      places[at] = EARLIER; // it is among the shared ones now
    }

    private static void addIfOfNight(long place, List<Long> shared) {
      if (place != EARLIER) {
        shared.add(place);
      }
    }
  }

  /** Writes pairs of key and place into blocks for each task. */
  private static final class Blocks implements Iterator<Tuple2<Integer, byte[]>> {
    private final Iterator<InternalRow> rows;
    private final ByteBuffer[] open;
    private final Queue<Tuple2<Integer, byte[]>> full = new ArrayDeque<>();

    /**
     * Reads rows of {@link DocumentKeys#columns}.
     *
     * @param tasks among which the keys are divided
     */
    Blocks(Iterator<InternalRow> rows, int tasks) {
      this.rows = rows;
      this.open = new ByteBuffer[tasks];
    }

    @Override
    public boolean hasNext() {
      while (full.isEmpty() && rows.hasNext()) {
        InternalRow row = rows.next();
        long place = DocumentKeys.place(row);
        DocumentKeys.forEach(row, key -> add(key, place));
        if (!rows.hasNext()) {
          for (int task = 0; task < open.length; task++) {
            close(task);
          }
        }
      }
      return !full.isEmpty();
    }

    @Override
    public Tuple2<Integer, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return full.remove();
    }

    private void add(long key, long place) {
      int task = (int) Long.remainderUnsigned(key, open.length);
      if (open[task] == null) {
        open[task] = ByteBuffer.allocate(PAIRS_OF_BLOCK * PAIR);
      }
      open[task].putLong(key).putLong(place);
      if (!open[task].hasRemaining()) {
        close(task);
      }
    }

    private void close(int task) {
      if (open[task] != null) {
        full.add(new Tuple2<>(task, Arrays.copyOf(open[task].array(), open[task].position())));
        open[task] = null;
      }
    }
  }
}
