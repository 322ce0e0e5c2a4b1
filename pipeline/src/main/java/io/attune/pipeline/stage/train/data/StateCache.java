package io.attune.pipeline.stage.train.data;

import io.attune.neural.Half;
import io.attune.schemas.failure.Failure;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps files of vectors in the memory of this JVM, those that are read first while there is room:
 * an epoch reads every file at random positions, so to replace one file by another would only make
 * both be read again. Of the other files single rows are read.
 */
final class StateCache {
  /** Limits the memory: what else a training needs is far below the rest of the heap. */
  private static volatile long limit = Runtime.getRuntime().maxMemory() / 4;

  private static final Map<Key, StateFile> FILES = new LinkedHashMap<>();
  private static long bytes;

  /** Names a file of one training. */
  private record Key(StateInputs states, String name) {}

  private StateCache() {}

  /** Changes the limit for files that are not read yet, and returns the one before; for tests. */
  static long limitTo(long bytes) {
    long before = limit;
    limit = bytes;
    return before;
  }

  /** Returns a file of vectors; nothing is read yet. */
  static StateFile open(StateInputs states, String name, Configuration files) {
    synchronized (FILES) {
      return FILES.computeIfAbsent(
          new Key(states, name), key -> new StateFile(states, name, files));
    }
  }

  /** Frees the memory of this JVM. */
  static void clear() {
    synchronized (FILES) {
      FILES.values().forEach(file -> file.reserved = 0);
      FILES.clear();
      bytes = 0;
    }
  }

  /** Makes room for a file; files of other trainings give way. */
  private static boolean reserve(StateFile file, long wanted) {
    synchronized (FILES) {
      Iterator<StateFile> held = FILES.values().iterator();
      while (bytes + wanted > limit && held.hasNext()) {
        StateFile other = held.next();
        if (!other.states.equals(file.states)) {
          held.remove();
          bytes -= other.reserved;
          other.reserved = 0;
        }
      }
      if (bytes + wanted > limit) {
        return false;
      }
      bytes += wanted;
      file.reserved = wanted;
      return true;
    }
  }

  /** Returns the room of a file that could not be read. */
  private static void release(StateFile file) {
    synchronized (FILES) {
      bytes -= file.reserved;
      file.reserved = 0;
    }
  }

  /** Returns the bytes that files have; for tests. */
  static long held() {
    synchronized (FILES) {
      return bytes;
    }
  }

  /** Reads the values of one file. */
  static final class StateFile {
    private final StateInputs states;
    private final Path path;
    private final Configuration files;
    private long reserved; // guarded by FILES
    private boolean tried;
    private short[] values;

    private StateFile(StateInputs states, String name, Configuration files) {
      this.states = states;
      path = new Path(states.folder(), name);
      this.files = files;
    }

    /**
     * Copies values as floats.
     *
     * @param from number of the first value in the file
     * @throws Failure.BadInput if the file is missing or shorter
     */
    void copy(long from, float[] target, int start, int count) throws IOException {
      short[] all = values();
      if (all == null) {
        ShortBuffer read = readRow(from, count);
        for (int i = 0; i < count; i++) {
          target[start + i] = Half.toFloat(read.get(i));
        }
        return;
      }
      requireLength(from + count, all.length);
      for (int i = 0; i < count; i++) {
        target[start + i] = Half.toFloat(all[(int) from + i]);
      }
    }

    /** Returns all values if there is memory for them, else null. */
    private synchronized short[] values() throws IOException {
      if (!tried) {
        FileSystem system = path.getFileSystem(files);
        try (FSDataInputStream in = system.open(path)) {
          long length = system.getFileStatus(path).getLen();
          if (length <= Integer.MAX_VALUE && reserve(this, length)) {
            values = readAll(in, (int) length);
          }
        } catch (FileNotFoundException e) {
          throw missing(e);
        } catch (IOException e) {
          release(this); // it is read again by the next attempt of the task
          throw e;
        }
        tried = true;
      }
      return values;
    }

    private static short[] readAll(DataInputStream in, int length) throws IOException {
      short[] values = new short[length / Short.BYTES];
      byte[] part = new byte[1 << 16];
      for (int done = 0; done < values.length; done += part.length / Short.BYTES) {
        int count = Math.min(values.length - done, part.length / Short.BYTES);
        in.readFully(part, 0, count * Short.BYTES);
        shorts(part).get(values, done, count);
      }
      return values;
    }

    private ShortBuffer readRow(long from, int count) throws IOException {
      FileSystem system = path.getFileSystem(files);
      byte[] part = new byte[count * Short.BYTES];
      try (FSDataInputStream in = system.open(path)) {
        requireLength(from + count, system.getFileStatus(path).getLen() / Short.BYTES);
        in.readFully(from * Short.BYTES, part);
      } catch (FileNotFoundException e) {
        throw missing(e);
      }
      return shorts(part);
    }

    private static ShortBuffer shorts(byte[] bytes) {
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    }

    private void requireLength(long needed, long found) {
      if (needed > found) {
        throw new Failure.BadInput(
            "'%s' has %d values, its shard needs at least %d; remove '%s' and train again, which"
                + " computes the vectors again",
            path, found, needed, path.getParent());
      }
    }

    private Failure.BadInput missing(FileNotFoundException e) {
      return new Failure.BadInput(
          e,
          "The vectors '%s' are missing; remove '%s' and train again, which computes them again",
          path,
          path.getParent());
    }
  }
}
