package io.attune.pipeline.input.stream;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Holds an open text file. Bytes that are not characters of its encoding become U+FFFD.
 *
 * @param bytes of the file; null for parts of one and for a text in memory
 */
public record TextFile(FileBytes bytes, TextEncoding encoding, TextWindow text)
    implements Closeable {
  private static final int HEAD = 1 << 20;
  private static final int COMPRESSED_HEAD = 1 << 22;
  private static final int MARK = 4;
  private static final int PIECE = 1 << 16;
  private static final int PIECES = 16;

  /** Returns a text in memory as a file that was read. */
  public static TextFile of(String text) throws IOException {
    return new TextFile(
        null,
        new TextEncoding(StandardCharsets.UTF_8, 0, ""),
        new TextWindow(new StringReader(text)));
  }

  /**
   * Opens whole lines from parts that lie evenly over a large file that is not compressed.
   *
   * @param encoding in which a line feed is one byte
   */
  public static TextFile openParts(
      String file, Charset encoding, int partBytes, int parts, Configuration hadoop)
      throws IOException {
    InputStream bytes = new PartsOfFile(file, partBytes, parts, hadoop);
    return new TextFile(
        null,
        new TextEncoding(encoding, 0, ""),
        new TextWindow(new InputStreamReader(bytes, encoding)));
  }

  /**
   * Opens a file.
   *
   * @param encoding as it was declared; null to find it
   */
  public static TextFile open(String file, String encoding, Configuration hadoop)
      throws IOException {
    FileBytes bytes = FileBytes.open(file, hadoop);
    try {
      boolean isPlain = bytes.compression() == Compression.NONE;
      byte[] head = bytes.readNBytes(encoding != null ? MARK : isPlain ? HEAD : COMPRESSED_HEAD);
      TextEncoding found;
      if (encoding != null) {
        found = TextEncoding.declared(encoding, head);
      } else {
        List<byte[]> pieces = new ArrayList<>(List.of(head));
        if (isPlain && bytes.length() > HEAD) {
          addPieces(pieces, file, bytes.length(), hadoop);
        }
        found = TextEncoding.detected(pieces);
      }
      int mark = found.markBytes();
      var rest = new ByteArrayInputStream(head, mark, head.length - mark);
      var reader = new InputStreamReader(new SequenceInputStream(rest, bytes), found.charset());
      return new TextFile(bytes, found, new TextWindow(reader));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Adds pieces spread evenly behind the head. */
  private static void addPieces(List<byte[]> pieces, String file, long length, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      for (int i = 1; i <= PIECES; i++) {
        // Multiples of 4 keep the units of UTF-16 and UTF-32 whole.
        long start = (HEAD + (length - HEAD) / PIECES * (i - 1)) / 4 * 4;
        in.seek(start);
        pieces.add(in.readNBytes((int) Math.min(PIECE, length - start)));
      }
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
    if (bytes != null) {
      bytes.close();
    }
  }
}
