package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.TextEncoding;
import io.attune.pipeline.input.stream.TextFile;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.schemas.failure.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads the records of one text file, one at a time, to its last byte. What cannot be read as a
 * record is given as one with a fault, so that {@link #read()} is what was accepted and what was
 * not; the records beside it are read. Bytes that are not characters of the encoding become U+FFFD,
 * which {@code clean} counts. Closes its file at the end of the iteration.
 *
 * <p>Every method fails with {@link Failure.BadInput} where the file breaks off.
 */
public abstract class RecordReader implements Iterator<RawRecord>, Closeable {
  private final Source source;
  private RawRecord next;
  private boolean ended;
  private long read;
  private long malformed;

  /** Holds what every reader reads from. */
  record Source(String file, FileLayout layout, TextFile text) {
    char delimiter() {
      return layout.delimiterOf(layout.format().of(file));
    }
  }

  RecordReader(Source source) {
    this.source = source;
  }

  /** Reads the next record; null at the end. */
  abstract RawRecord readNext() throws IOException;

  /**
   * Returns the column names, where the file has them before its records; empty where each record
   * has them.
   */
  public List<String> header() {
    return List.of();
  }

  /**
   * Opens a text file.
   *
   * @param layout of the file; not of a columnar format
   * @throws Failure.BadInput if there is no such file, or it breaks off, or its header is not one
   */
  public static RecordReader open(FileLayout layout, String file, Configuration hadoop) {
    Format format = layout.format().of(file);
    boolean isFound = layout.encoding().equals(FileLayout.AUTO);
    try {
      TextFile text = TextFile.open(file, isFound ? null : layout.encoding(), hadoop);
      Source source = new Source(file, layout, text);
      try {
        return of(source, format);
      } catch (IOException e) {
        text.close();
        throw brokenOff(source, 0, e);
      } catch (RuntimeException e) {
        text.close();
        throw e;
      }
    } catch (IOException e) {
      throw new Failure.BadInput(
          e,
          "Cannot read '%s': %s; nothing was taken from it: bring it again, whole",
          file,
          reason(e));
    }
  }

  /** Reads a text in memory. */
  static RecordReader of(FileLayout layout, String text) throws IOException {
    return of("text", layout, TextFile.of(text));
  }

  /** Reads an open file whose format is known. */
  static RecordReader of(String file, FileLayout layout, TextFile text) throws IOException {
    return of(new Source(file, layout, text), layout.format());
  }

  private static RecordReader of(Source source, Format format) throws IOException {
    return switch (format) {
      case JSONL -> new JsonReader(source);
      case TSV, CSV ->
          source.layout.hasQuotes(format) ? new CsvReader(source) : new TsvReader(source);
      case TEXT_FOLDERS -> new WholeTextReader(source);
      case PARQUET, ORC, AVRO, XML, AUTO ->
          throw new IllegalArgumentException(format + " is not a text format");
    };
  }

  @Override
  public final boolean hasNext() {
    if (next == null && !ended) {
      try {
        long before = source.text.text().position();
        next = readNext();
        if (next == null) {
          ended = true;
          close();
        } else {
          requireProgress(before);
          read++;
          malformed += next.fault() == null ? 0 : 1;
        }
      } catch (IOException e) {
        throw brokenOff(source, read, e);
      }
    }
    return next != null;
  }

  /** Stops a reader that stands still: it would return records for ever. */
  private void requireProgress(long before) {
    if (source.text.text().position() <= before && !mayStandStill()) {
      throw new Failure.BadInput(
          "'%s' cannot be read behind line %d, after %,d records; look there with an editor",
          source.file, next.line(), read);
    }
  }

  /** Returns whether the record that was read last is about the end of the file. */
  boolean mayStandStill() {
    return false;
  }

  @Override
  public final RawRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RawRecord record = next;
    next = null;
    return record;
  }

  /** Returns how many records were read so far, those with a fault among them. */
  public final long read() {
    return read;
  }

  /** Returns how many of the records that were read have a fault. */
  public final long malformed() {
    return malformed;
  }

  /** Returns the encoding that the file is read in, and how it was found. */
  public final TextEncoding encoding() {
    return source.text.encoding();
  }

  /** Returns how many bytes of the file, as it is stored, were read so far; 0 if it is none. */
  public final long storedBytes() {
    return source.text.bytes() == null ? 0 : source.text.bytes().stored();
  }

  @Override
  public final void close() throws IOException {
    source.text.close();
  }

  final TextWindow text() {
    return source.text.text();
  }

  private static Failure.BadInput brokenOff(Source source, long records, IOException e) {
    return new Failure.BadInput(
        e,
        "Cannot read '%s' behind record %,d: %s; nothing was taken from it: bring it again, whole",
        source.file,
        records,
        reason(e));
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
