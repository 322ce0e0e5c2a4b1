package io.attune.pipeline.input.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the line ends in the bytes before an offset while they are read, so that a reader of
 * characters, which is never ahead of them, learns by its lines when it is behind the offset.
 */
public final class LineLimit {
  private final long bytes;
  private final int lineEnd;
  private long read;
  private long lines;
  private boolean endsLine;

  /**
   * @param bytes before the offset, which is behind a line end or at the end of the file
   * @param lineEnd the byte that ends lines
   */
  public LineLimit(long bytes, int lineEnd) {
    this.bytes = bytes;
    this.lineEnd = lineEnd;
  }

  /** Returns whether a reader that passed so many line ends is at the offset or behind it. */
  public boolean isReachedAfter(long passed) {
    return read >= bytes && endsLine && passed >= lines;
  }

  /** Returns the line ends before the offset, of those bytes that were read. */
  public long lines() {
    return lines;
  }

  InputStream counting(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
          count(value);
        }
        return value;
      }

      @Override
      public int read(byte[] to, int from, int max) throws IOException {
        int got = super.read(to, from, max);
        for (int i = 0; i < got && read < bytes; i++) {
          count(to[from + i]);
        }
        return got;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }

  private void count(int value) {
    if (read < bytes) {
      read++;
      endsLine = value == lineEnd;
      lines += endsLine ? 1 : 0;
    }
  }
}
