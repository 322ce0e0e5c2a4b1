package io.attune.pipeline.input.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Reads characters one by one and keeps those since a mark, so that a reader can go back. Offsets
 * count from the mark.
 */
public final class TextWindow implements Closeable {
  private static final int CHUNK = 1 << 15;

  private final Reader in;
  private char[] buffer = new char[4 * CHUNK];
  private int mark;
  private int at;
  private int end;
  private boolean ended;
  private long dropped;

  private TextWindow(Reader in, boolean isStart) throws IOException {
    this.in = in;
    if (isStart && peek() == '\uFEFF') {
      read();
      mark();
    }
  }

  /** Reads a text from its first character, or behind a byte order mark. */
  public TextWindow(Reader in) throws IOException {
    this(in, true);
  }

  /** Reads what follows within a text, where the same character is no mark. */
  static TextWindow within(Reader in) throws IOException {
    return new TextWindow(in, false);
  }

  /** Returns the next character and moves behind it; -1 at the end. */
  public int read() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at++];
  }

  /** Returns the next character; -1 at the end. */
  public int peek() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at];
  }

  /**
   * Moves to the next of four characters, or as far as is known without reading on. Characters that
   * are not looked for are negative.
   */
  public void skipTo(int one, int two, int three, int four) {
    int next = at;
    while (next < end) {
      char c = buffer[next];
      if (c == one || c == two || c == three || c == four) {
        break;
      }
      next++;
    }
    at = next;
  }

  /** Forgets what is before the next character, which gets the offset 0. */
  public void mark() {
    mark = at;
  }

  /** Returns the offset of the next character. */
  public int offset() {
    return at - mark;
  }

  /**
   * Makes the character at an offset, at most {@link #offset} or what was seen before, the next.
   */
  public void seek(int offset) {
    at = mark + offset;
  }

  /** Returns the character at an offset that was read; -1 at the end. */
  public int at(int offset) throws IOException {
    while (mark + offset >= end) {
      if (!fill()) {
        return -1;
      }
    }
    return buffer[mark + offset];
  }

  public String text(int from, int to) {
    return new String(buffer, mark + from, to - from);
  }

  /** Copies characters from an offset on; returns how many, and -1 at the end. */
  public int copy(int offset, char[] to, int start, int count) throws IOException {
    if (at(offset) < 0) {
      return -1;
    }
    int copied = Math.min(count, end - mark - offset);
    System.arraycopy(buffer, mark + offset, to, start, copied);
    return copied;
  }

  /** Returns how many characters are before the next one, from the start of the file. */
  public long position() {
    return dropped + at;
  }

  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (end + CHUNK > buffer.length) {
      if (mark > 0 && mark >= buffer.length / 4) {
        System.arraycopy(buffer, mark, buffer, 0, end - mark);
        dropped += mark;
        at -= mark;
        end -= mark;
        mark = 0;
      } else {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }
    int got = in.read(buffer, end, CHUNK);
    ended = got < 0;
    end += Math.max(0, got);
    return got > 0 || (!ended && fill());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
