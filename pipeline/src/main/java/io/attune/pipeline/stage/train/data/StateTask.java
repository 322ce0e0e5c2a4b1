package io.attune.pipeline.stage.train.data;

import io.attune.neural.Half;
import io.attune.neural.NativeThreads;
import io.attune.neural.TaskMemory;
import io.attune.neural.encoder.InferenceBatches;
import io.attune.neural.layer.StandaloneEncoder;
import io.attune.schemas.Sha256;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
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
   * @param done is added the rows
   * @throws Failure.BadInput if a vector has a value that is not finite, or too large for a half
   */
  Written run(Job job, LongAccumulator done) throws IOException {
    Written written = TaskMemory.guarded(() -> encode(job));
    done.add(to - from);
    return written;
  }

  private Written encode(Job job) throws IOException {
    NativeThreads.oneForEachTask();
    DecodedShard rows = ShardCache.open(shard, job.files().value());
    int end = Math.min(to, rows.rows());
    byte[][] vectors = new byte[end - from][];
    StandaloneEncoder encoder = job.stem().acquire();
    int[] lengths = IntStream.range(from, end).map(rows::length).toArray();
    for (List<Integer> batch : InferenceBatches.of(lengths)) {
      float[][] values =
          encoder.encode(batch.stream().map(place -> rows.tokens(from + place)).toList());
      for (int i = 0; i < values.length; i++) {
        vectors[batch.get(i)] = halves(values[i], from + batch.get(i));
      }
    }
    job.stem().release(encoder);
    return write(job, vectors);
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
