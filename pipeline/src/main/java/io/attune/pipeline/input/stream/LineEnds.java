package io.attune.pipeline.input.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;

/** Counts and finds line ends in the bytes of a file. */
public final class LineEnds {
  private static final int BUFFER = 1 << 16;

  private LineEnds() {}

  /** Counts the line ends of a text: line feeds, carriage returns, and both as one. */
  public static long count(TextRange text, Configuration hadoop) throws IOException {
    long lines = 0;
    boolean carriageReturn = false;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = open(text, hadoop)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          boolean lineFeed = buffer[i] == '\n';
          if (lineFeed || carriageReturn) {
            lines++;
          }
          carriageReturn = buffer[i] == '\r';
        }
      }
    }
    return carriageReturn ? lines + 1 : lines;
  }

  /** Counts the bytes that end lines in a text. */
  public static long count(TextRange text, int lineEnd, Configuration hadoop) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = open(text, hadoop)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == lineEnd ? 1 : 0;
        }
      }
    }
    return lines;
  }

  /**
   * Returns the offset in the file behind the last of so many line ends of a text.
   *
   * @param lines at least 1
   */
  public static long offsetBehind(long lines, int lineEnd, TextRange text, Configuration hadoop)
      throws IOException {
    long left = lines;
    long offset = text.from();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = open(text, hadoop)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          left -= buffer[i] == lineEnd ? 1 : 0;
          if (left == 0) {
            return offset + i + 1;
          }
        }
        offset += read;
      }
    }
    throw new EOFException("%s has fewer than %d line ends".formatted(text, lines));
  }

  private static InputStream open(TextRange text, Configuration hadoop) throws IOException {
    return FileBytes.openRange(text.file(), text.from(), text.to(), hadoop);
  }
}
