package io.attune.pipeline.input.stream;

import io.attune.schemas.failure.Failure;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads the decompressed bytes of a file, all of them: a file that ends before its length or in the
 * middle of what was compressed is an {@link IOException}, whatever its library throws.
 */
public final class FileBytes extends InputStream {
  /** Stands in what the gzip library says of bytes behind the last member. */
  private static final String NO_GZIP = "Garbage after";

  private final String name;
  private final Counted file;
  private final long length;
  private final Compression compression;
  private final InputStream plain;
  private long read;

  private FileBytes(String name, FSDataInputStream file, long length) throws IOException {
    this.name = name;
    this.file = new Counted(file, Long.MAX_VALUE);
    this.length = length;
    InputStream raw = new BufferedInputStream(this.file, 1 << 16);
    raw.mark(Compression.MAGIC);
    byte[] head = raw.readNBytes(Compression.MAGIC);
    raw.reset();
    this.compression = Compression.of(head);
    this.plain = damageAsIo(() -> compression.decompress(raw));
  }

  private FileBytes(String name, FSDataInputStream file, long from, long to) throws IOException {
    file.seek(from);
    this.name = name;
    this.file = new Counted(file, to - from);
    this.length = to - from;
    this.compression = Compression.NONE;
    this.plain = new BufferedInputStream(this.file, 1 << 16);
  }

  public static FileBytes open(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    FileSystem files = StoredFile.systemOf(path, hadoop);
    long length = files.getFileStatus(path).getLen();
    FSDataInputStream bytes = files.open(path);
    try {
      return new FileBytes(file, bytes, length);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Returns the length of a file, as it is stored. */
  public static long lengthOf(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    return StoredFile.systemOf(path, hadoop).getFileStatus(path).getLen();
  }

  /** Opens the bytes from one offset of a file to another, as they are stored. */
  public static FileBytes openRange(String file, long from, long to, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    FSDataInputStream bytes = StoredFile.systemOf(path, hadoop).open(path);
    try {
      return new FileBytes(file, bytes, from, to);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  public Compression compression() {
    return compression;
  }

  /** Returns the length of the file, as it is stored, or of the range. */
  public long length() {
    return length;
  }

  /** Returns how many of its stored bytes were read. */
  public long stored() {
    return file.count;
  }

  /** Returns how many bytes were read, decompressed. */
  public long decompressed() {
    return read;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    return damageAsIo(
        () -> {
          int got = plain.read(bytes, from, count);
          if (got < 0 && file.count < length) {
            throw new EOFException(
                "only %,d of the file's %,d bytes are there".formatted(file.count, length));
          }
          read += Math.max(0, got);
          return got;
        });
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }

  /** Says where reading broke off; libraries answer damaged bytes with unchecked exceptions too. */
  private <T> T damageAsIo(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      String what = compression == Compression.NONE ? "" : ", decompressed (" + compression + ")";
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (compression == Compression.GZIP && why.contains(NO_GZIP)) {
        throw new Failure.BadInput(
            e,
            "'%s' has bytes behind its gzip data that are none, such as zeros that pad it: pack it"
                + " again without them (gzip -dc FILE | gzip > NEW)",
            name);
      }
      throw new IOException("it broke off after %,d bytes%s: %s".formatted(read, what, why), e);
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static final class Counted extends FilterInputStream {
    private final long limit;
    private long count;

    Counted(InputStream in, long limit) {
      super(in);
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int value = count == limit ? -1 : super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int max) throws IOException {
      if (count == limit && max > 0) {
        return -1;
      }
      int got = super.read(bytes, from, (int) Math.min(max, limit - count));
      count += Math.max(0, got);
      return got;
    }

    @Override
    public long skip(long max) throws IOException {
      long skipped = super.skip(Math.min(max, limit - count));
      count += skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
