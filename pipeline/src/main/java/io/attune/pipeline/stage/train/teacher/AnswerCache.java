package io.attune.pipeline.stage.train.teacher;

import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Caches the answers to the shards that the tasks of this JVM read last; like the shards
 * themselves, each task needs one at a time.
 */
final class AnswerCache {
  /** Limits the answers; those to a shard take a few megabytes. The last are always kept. */
  private static final long MAX_BYTES = 1L << 28;

  private static final Map<Key, Answers> FILES = new LinkedHashMap<>(16, 0.75f, true);

  /** Names a file of one training. */
  private record Key(TeacherTargets targets, String name) {}

  private AnswerCache() {}

  /**
   * Returns the answers to a shard, read once however many tasks ask for them at a time.
   *
   * @throws Failure.BadInput if the file is missing
   */
  static Answers open(TeacherTargets targets, String name, Configuration files) throws IOException {
    Answers answers;
    synchronized (FILES) {
      answers =
          FILES.computeIfAbsent(
              new Key(targets, name), key -> new Answers(new Path(targets.folder(), name)));
    }
    if (answers.read(files)) {
      evict();
    }
    return answers;
  }

  /** Frees the memory of this JVM. */
  static void clear() {
    synchronized (FILES) {
      FILES.clear();
    }
  }

  private static void evict() {
    synchronized (FILES) {
      long bytes = FILES.values().stream().mapToLong(Answers::bytes).sum();
      Iterator<Answers> eldest = FILES.values().iterator();
      while (bytes > MAX_BYTES && FILES.size() > 1) {
        bytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
  }

  /** Holds the answers to the rows of one shard. */
  static final class Answers {
    private static final int CHUNK = 1 << 16;

    private final Path path;
    private volatile float[] values;

    private Answers(Path path) {
      this.path = path;
    }

    /**
     * Returns the values of one row.
     *
     * @throws Failure.BadInput if the file has no such row
     */
    float[] row(int row, int width) {
      long end = (row + 1L) * width;
      if (end > values.length) {
        throw new Failure.BadInput(
            "'%s' has %d values, its shard needs at least %d; remove '%s' and train again, which"
                + " asks the teacher again",
            path, values.length, end, path.getParent());
      }
      return Arrays.copyOfRange(values, (int) end - width, (int) end);
    }

    private long bytes() {
      float[] read = values;
      return read == null ? 0 : (long) Float.BYTES * read.length;
    }

    /** Reads the file unless it was, and returns whether it did. */
    private synchronized boolean read(Configuration files) throws IOException {
      if (values != null) {
        return false;
      }
      FileSystem system = path.getFileSystem(files);
      try (FSDataInputStream in = system.open(path)) {
        long length = system.getFileStatus(path).getLen();
        float[] all = new float[Math.toIntExact(length / Float.BYTES)];
        byte[] part = new byte[CHUNK * Float.BYTES];
        for (int done = 0; done < all.length; done += CHUNK) {
          int count = Math.min(CHUNK, all.length - done);
          in.readFully(part, 0, count * Float.BYTES);
          ByteBuffer.wrap(part)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(all, done, count);
        }
        values = all;
        return true;
      } catch (FileNotFoundException e) {
        throw new Failure.BadInput(
            e,
            "The teacher's answers '%s' are missing; remove '%s' and train again, which asks the"
                + " teacher again",
            path,
            path.getParent());
      }
    }
  }
}
