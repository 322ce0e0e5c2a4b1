package io.attune.pipeline.input.stream;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads whole lines from parts that lie evenly over a large file, as if they were a file; the first
 * part is its start. The file is not compressed, and a line feed is one byte.
 */
final class PartsOfFile extends InputStream {
  private final FSDataInputStream file;
  private final long length;
  private final int partBytes;
  private final int parts;
  private byte[] part = new byte[0];
  private int at;
  private int end;
  private int next;

  PartsOfFile(String file, int partBytes, int parts, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    FileSystem files = StoredFile.systemOf(path, hadoop);
    this.length = files.getFileStatus(path).getLen();
    this.file = files.open(path);
    this.partBytes = partBytes;
    this.parts = parts;
  }

  @Override
  public int read() throws IOException {
    return !hasMore() ? -1 : part[at++] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    if (!hasMore()) {
      return -1;
    }
    int got = Math.min(count, end - at);
    System.arraycopy(part, at, bytes, from, got);
    at += got;
    return got;
  }

  private boolean hasMore() throws IOException {
    while (at == end && next < parts) {
      long start = length / parts * next;
      file.seek(start);
      part = file.readNBytes((int) Math.min(partBytes, length - start));
      at = next == 0 ? 0 : behindLineFeed(0);
      end = part.length;
      while (end > at && part[end - 1] != '\n') {
        end--;
      }
      next++;
    }
    return at < end;
  }

  private int behindLineFeed(int from) {
    int behind = from;
    while (behind < part.length && part[behind] != '\n') {
      behind++;
    }
    return Math.min(part.length, behind + 1);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
