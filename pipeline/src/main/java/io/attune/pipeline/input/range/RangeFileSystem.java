package io.attune.pipeline.input.range;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Shows ranges of files on other file systems as files: {@code
 * attune-range:/<from>-<to>/<file>/<name>}. Only for reading.
 */
public final class RangeFileSystem extends FileSystem {
  private static final String SCHEME = "attune-range";
  private static final URI ROOT = URI.create(SCHEME + ":///");

  /** Constructs it for Hadoop, which initialises it. */
  public RangeFileSystem() {}

  /** Returns the path of a range, which keeps the name of its file. */
  public static String path(String file, long from, long to) {
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(file.getBytes(StandardCharsets.UTF_8));
    return "%s:/%d-%d/%s/%s".formatted(SCHEME, from, to, encoded, new Path(file).getName());
  }

  /** Returns a configuration in which the paths of ranges can be opened. */
  public static Configuration in(Configuration hadoop) {
    Configuration with = new Configuration(hadoop);
    with.set("fs." + SCHEME + ".impl", RangeFileSystem.class.getName());
    with.setBoolean("fs." + SCHEME + ".impl.disable.cache", true);
    return with;
  }

  /** Holds what a path says. */
  private record Range(Path file, long from, long to) {
    static Range of(Path path) {
      String[] parts = path.toUri().getPath().split("/", -1);
      String[] offsets = parts[1].split("-", -1);
      String file = new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8);
      return new Range(new Path(file), Long.parseLong(offsets[0]), Long.parseLong(offsets[1]));
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Range range = Range.of(path);
    FSDataInputStream in = range.file().getFileSystem(getConf()).open(range.file());
    return new FSDataInputStream(new Bounded(in, range));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Range range = Range.of(path);
    FileStatus whole = range.file().getFileSystem(getConf()).getFileStatus(range.file());
    return new FileStatus(
        range.to() - range.from(),
        false,
        whole.getReplication(),
        whole.getBlockSize(),
        whole.getModificationTime(),
        path);
  }

  /** Reads from an offset to another, which it counts from 0. */
  private static final class Bounded extends FSInputStream {
    private final FSDataInputStream in;
    private final Range range;

    Bounded(FSDataInputStream in, Range range) throws IOException {
      this.in = in;
      this.range = range;
      in.seek(range.from());
    }

    @Override
    public int read() throws IOException {
      return in.getPos() >= range.to() ? -1 : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long left = range.to() - in.getPos();
      if (length == 0) {
        return 0;
      }
      return left <= 0 ? -1 : in.read(bytes, offset, (int) Math.min(left, length));
    }

    @Override
    public void seek(long position) throws IOException {
      if (position < 0 || position > range.to() - range.from()) {
        throw new EOFException("Cannot seek to " + position + " in " + range);
      }
      in.seek(range.from() + position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos() - range.from();
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), Math.max(0, range.to() - in.getPos()));
    }

    @Override
    public boolean seekToNewSource(long position) throws IOException {
      return in.seekToNewSource(range.from() + position);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return new FileStatus[] {getFileStatus(path)};
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  @Override
  public void setWorkingDirectory(Path folder) {
    throw readOnly();
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw readOnly();
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw readOnly();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw readOnly();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw readOnly();
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("Ranges of files are only read");
  }
}
