package io.attune.pipeline.stage.train.data;

import io.attune.neural.Half;
import io.attune.neural.NativeThreads;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Computes the vectors of some rows of a shard, and writes them to one file.
 *
 * @param shard absolute path of the shard
 * @param from first row
 * @param to row after the last, or anything above the rows of the shard
 * @param file name of the file when it is published
 */
record StateTask(String shard, int from, int to, String file) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Limits the rows of a minibatch; more are not faster on a CPU. */
  private static final int BATCH_ROWS = 64;

  /** Limits the tokens of a minibatch, padding included, and with them the memory. */
  private static final int BATCH_TOKENS = 8192;

  /**
   * Holds what all tasks of a job have in common.
   *
   * @param folder absolute path where they write
   */
  record Job(StemReference stem, String folder, SerializableConfiguration files)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Describes a file that was written.
   *
   * @param written its name below the folder of the job: unique, should a task run twice
   * @param file its name when it is published
   */
  record Written(String written, String file, long bytes, String sha256) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /**
   * Does the task.
   *
   * @throws Failure.BadInput if a vector has a value that is not finite, or too large for a half
   */
  Written run(Job job) throws IOException {
    NativeThreads.oneForEachTask();
    DecodedShard rows = ShardCache.open(shard, job.files().value());
    int end = Math.min(to, rows.rows());
    byte[][] vectors = new byte[end - from][];
    StandaloneEncoder encoder = job.stem().acquire();
    for (List<Integer> batch : batches(rows, end)) {
      float[][] values = encoder.encode(batch.stream().map(rows::tokens).toList());
      for (int i = 0; i < values.length; i++) {
        vectors[batch.get(i) - from] = halves(values[i], batch.get(i));
      }
    }
    job.stem().release(encoder);
    return write(job, vectors);
  }

  /** Returns the rows as minibatches of nearly equal length, the longest first. */
  private List<List<Integer>> batches(DecodedShard rows, int end) {
    List<Integer> longestFirst =
        IntStream.range(from, end)
            .boxed()
            .sorted(Comparator.comparingInt((Integer row) -> -rows.length(row)))
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    int start = 0;
    while (start < longestFirst.size()) {
      int size = Math.min(BATCH_ROWS, BATCH_TOKENS / rows.length(longestFirst.get(start)));
      int next = Math.min(longestFirst.size(), start + Math.max(1, size));
      batches.add(longestFirst.subList(start, next));
      start = next;
    }
    return batches;
  }

  private byte[] halves(float[] values, int row) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      short half = Half.of(value);
      if (!Float.isFinite(Half.toFloat(half))) {
        throw new Failure.BadInput(
            "The encoder gives %s for a token of row %d of '%s', which training cannot use; check"
                + " the encoder's weights, or train all of it with model.tune: full",
            value, row, shard);
      }
      bytes.putShort(half);
    }
    return bytes.array();
  }

  private Written write(Job job, byte[][] vectors) throws IOException {
    String name = file + "." + TaskContext.get().taskAttemptId();
    Path path = new Path(job.folder(), name);
    FileSystem system = path.getFileSystem(job.files().value());
    try (OutputStream out = system.create(path, true)) {
      for (byte[] row : vectors) {
        out.write(row);
      }
    }
    long bytes = Arrays.stream(vectors).mapToLong(row -> row.length).sum();
    return new Written(name, file, bytes, Sha256.of(List.of(vectors)));
  }
}
