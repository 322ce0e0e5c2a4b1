package io.attune.pipeline.input.range;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.RecordReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Finds where a file of separated values may be cut: at a line end behind which several sound
 * records stand. That is likely between two records, and no more: a text in quotes may hold lines
 * that are like records.
 *
 * @param layout with the file's format and encoding, in which a line end is one byte
 */
public record RowCuts(FileLayout layout, RecordReader.Head head) {
  private static final int WINDOW = 1 << 18;

  /** Records behind a cut that must be sound; where fewer are seen, all. */
  private static final int SOUND = 8;

  private static final int MAX_CANDIDATES = 1000;

  /**
   * Returns the offsets at which ranges begin, and the file's size at last.
   *
   * @param size that a range has about
   */
  public List<Long> of(String file, long bytes, long size, Configuration hadoop)
      throws IOException {
    return new Cuts(new Path(file), hadoop, this::next).of(bytes, size);
  }

  private long next(FSDataInputStream in, long from) throws IOException {
    in.seek(from);
    long offset = from;
    byte[] window = in.readNBytes(WINDOW);
    int first = behindLineEnd(window, 0);
    while (first < 0 && window.length > 0) {
      offset += window.length;
      window = in.readNBytes(WINDOW);
      first = behindLineEnd(window, 0);
    }
    if (first < 0 || !layout.hasQuotes(layout.format())) {
      return first < 0 ? -1 : offset + first;
    }
    int best = first;
    int mostSound = 0;
    int candidate = first;
    for (int i = 0; i < MAX_CANDIDATES && candidate >= 0; i++) {
      int sound = sound(window, candidate);
      if (sound >= SOUND) {
        return offset + candidate;
      } else if (sound > mostSound) {
        best = candidate;
        mostSound = sound;
      }
      candidate = behindLineEnd(window, candidate);
    }
    return offset + best;
  }

  private int behindLineEnd(byte[] window, int from) {
    for (int i = from; i < window.length; i++) {
      if (window[i] == head.lineEnd()) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Counts the sound records from an offset on, to the first that is not. */
  private int sound(byte[] window, int from) throws IOException {
    int to = Math.min(window.length, from + WINDOW / 4);
    String rows = new String(window, from, to - from, Charset.forName(layout.encoding()));
    int sound = 0;
    try (RecordReader reader = RecordReader.of(layout, head, rows)) {
      while (sound < SOUND && reader.hasNext()) {
        RawRecord record = reader.next();
        if (record.fault() != null || hasOpenQuote(record.raw())) {
          break;
        }
        sound++;
      }
    }
    return sound;
  }

  /**
   * Returns whether a record has a quote without a partner, as one that begins within quotes has.
   */
  private boolean hasOpenQuote(String raw) {
    boolean isWhole = raw.length() < RawRecord.MAX_RAW && layout.escape() == null;
    return isWhole && raw.chars().filter(c -> c == layout.quoteCharacter()).count() % 2 == 1;
  }
}
