package io.attune.pipeline.input.stream;

import java.io.IOException;
import java.io.Reader;

/** Reads what follows the mark of a window, to a limit, and leaves the window where it is. */
public final class WindowReader extends Reader {
  private final TextWindow in;
  private final int limit;
  private int at;

  public WindowReader(TextWindow in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Returns whether it ended at its limit. */
  public boolean isAtLimit() {
    return at >= limit;
  }

  @Override
  public int read(char[] to, int start, int count) throws IOException {
    if (at >= limit) {
      return -1;
    }
    int got = in.copy(at, to, start, Math.min(count, limit - at));
    at += Math.max(0, got);
    return got;
  }

  @Override
  public void close() {
    // The window stays open for the next record.
  }
}
