package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.Compression;
import io.attune.pipeline.input.stream.FileBytes;
import io.attune.pipeline.input.stream.LineLimit;
import io.attune.pipeline.input.stream.TextEncoding;
import io.attune.pipeline.input.stream.TextFile;
import io.attune.pipeline.input.stream.TextRange;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.schemas.failure.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
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

  /**
   * Describes a part of a large file.
   *
   * @param from the offset at which its first record begins
   * @param to the offset at which the first record behind it begins
   * @param lines of the file before it
   * @param head of the file, if its values are separated; else null
   */
  public record Range(long from, long to, long lines, Head head) implements Serializable {}

  /** Holds what the start of a file of separated values says about all its records. */
  public record Head(List<String> header, char delimiter, boolean carriageReturns)
      implements Serializable {
    public Head {
      header = List.copyOf(header);
    }

    /** Returns the byte that ends lines. */
    public int lineEnd() {
      return carriageReturns ? '\r' : '\n';
    }
  }

  /**
   * Says where the last record ends that begins in a range.
   *
   * @param lines from the start of the range to there
   */
  public record End(long offset, long lines) implements Serializable {}

  /**
   * Says which part of a file is read.
   *
   * @param head of the file, where the part is behind it; null where it is still to be read
   * @param limit knows when all records that begin in the part are read
   */
  record Part(Head head, long linesBefore, LineLimit limit) {
    static final Part ALL = behind(null);

    /** Returns all that stands behind the head of a file. */
    static Part behind(Head head) {
      return new Part(head, 0, new LineLimit(Long.MAX_VALUE, '\n'));
    }
  }

  /** Holds what every reader reads from. */
  record Source(String file, FileLayout layout, TextFile text, Part part) {
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
   * Returns what the start of the file says about its records; empty where each speaks for itself.
   */
  public Optional<Head> head() {
    return Optional.empty();
  }

  /**
   * Opens a text file.
   *
   * @param layout of the file; not of a columnar format
   * @throws Failure.BadInput if there is no such file, or it breaks off, or its header is not one
   */
  public static RecordReader open(FileLayout layout, String file, Configuration hadoop) {
    return open(layout, file, () -> TextFile.open(file, declared(layout), hadoop), Part.ALL);
  }

  /**
   * Opens a text file whose first characters are to be checked.
   *
   * @throws Failure.BadInput also if it is no text, or not in the encoding of its layout
   */
  public static RecordReader openChecked(FileLayout layout, InputFile file, Configuration hadoop) {
    Opening opening =
        () -> {
          TextFile text = TextFile.open(file.path(), declared(layout), hadoop);
          try {
            TextCheck.requireText(layout, file, text, hadoop);
            return text;
          } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
          }
        };
    return open(layout, file.path(), opening, Part.ALL);
  }

  /**
   * Opens the records that begin in a part of a large file; the last may end behind it, if values
   * are separated.
   *
   * @param layout of the file, with its encoding
   */
  public static RecordReader openRange(
      FileLayout layout, String file, Range range, Configuration hadoop) {
    Head head = range.head();
    LineLimit limit =
        new LineLimit(range.to() - range.from(), head == null ? '\n' : head.lineEnd());
    Opening opening =
        () -> {
          long to = head == null ? range.to() : FileBytes.lengthOf(file, hadoop);
          TextRange text = new TextRange(file, range.from(), to, layout.encoding());
          return TextFile.openRange(text, limit, hadoop);
        };
    return open(
        layout, file, opening, new Part(range.from() == 0 ? null : head, range.lines(), limit));
  }

  /** Reads the records that begin in a part of a file of separated values to see where they end. */
  public static End endOf(FileLayout layout, String file, Range range, Configuration hadoop)
      throws IOException {
    try (RecordReader reader = openRange(layout, file, range, hadoop)) {
      while (reader.hasNext()) {
        reader.next();
      }
      return ((DelimitedReader) reader).end(range, hadoop);
    }
  }

  private static String declared(FileLayout layout) {
    return layout.encoding().equals(FileLayout.AUTO) ? null : layout.encoding();
  }

  private interface Opening {
    TextFile open() throws IOException;
  }

  private static RecordReader open(FileLayout layout, String file, Opening opening, Part part) {
    Format format = layout.format().of(file);
    try {
      TextFile text = opening.open();
      Source source = new Source(file, layout, text, part);
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

  /** Reads rows in memory that stand behind the head of a file. */
  public static RecordReader of(FileLayout layout, Head head, String rows) throws IOException {
    Source source = new Source("text", layout, TextFile.of(rows), Part.behind(head));
    return of(source, layout.format());
  }

  /** Reads an open file whose format is known. */
  static RecordReader of(String file, FileLayout layout, TextFile text) throws IOException {
    return of(new Source(file, layout, text, Part.ALL), layout.format());
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

  /** Returns how the file is compressed. */
  public final Compression compression() {
    return source.text.bytes() == null ? Compression.NONE : source.text.bytes().compression();
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
