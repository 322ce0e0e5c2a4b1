package io.attune.pipeline.input.range;

import io.attune.pipeline.input.stream.StoredFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Finds where a file of JSON objects can be cut: at a line end with a closing brace before it and
 * an opening one behind it. Between two values of one object or array there is a comma, and within
 * a string no line ends, so that this is between two objects, whether or not each has a line of its
 * own.
 */
public final class JsonCuts {
  private static final int BUFFER = 1 << 16;

  private JsonCuts() {}

  /**
   * Returns the offsets at which ranges begin, and the file's size at last: 0 and the size alone if
   * the file is not plain text that begins with an object, or is short.
   *
   * @param size that a range has about; one that can nowhere be cut is longer
   */
  public static List<Long> of(String file, long bytes, long size, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    return beginsWithObject(path, hadoop)
        ? new Cuts(path, hadoop, JsonCuts::next).of(bytes, size)
        : List.of(0L, bytes);
  }

  /**
   * Returns whether the bytes are those of an object, as none of a compressed file or UTF-16 are.
   */
  private static boolean beginsWithObject(Path file, Configuration hadoop) throws IOException {
    try (FSDataInputStream in = StoredFile.open(file, hadoop);
        InputStream head = new BufferedInputStream(in, 64)) {
      int first = head.read();
      if (first == 0xEF && head.read() == 0xBB && head.read() == 0xBF) {
        first = head.read();
      }
      for (int i = 0; i < BUFFER && isBlank(first); i++) {
        first = head.read();
      }
      return first == '{' && head.read() != 0;
    }
  }

  /** Returns the first offset behind a given one at which an object begins; -1 if none does. */
  private static long next(FSDataInputStream in, long from) throws IOException {
    in.seek(from);
    byte[] buffer = new byte[BUFFER];
    long offset = from;
    long cut = -1;
    boolean closed = false;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        int at = buffer[i];
        if (at == '\n') {
          cut = closed ? offset + i + 1 : -1;
        } else if (!isBlank(at)) {
          if (cut >= 0 && at == '{') {
            return cut;
          }
          cut = -1;
          closed = at == '}';
        }
      }
      offset += read;
    }
    return -1;
  }

  private static boolean isBlank(int character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
  }
}
