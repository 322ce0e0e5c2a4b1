package io.attune.pipeline.input.stream;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
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
 * @param binary what its first bytes are the start of; null if they may be text
 */
public record TextFile(FileBytes bytes, BinaryFile binary, TextEncoding encoding, TextWindow text)
    implements Closeable {
  private static final int HEAD = 1 << 20;
  private static final int COMPRESSED_HEAD = 1 << 22;

  /** Bytes that show a byte order mark, and what a binary file is. */
  private static final int MARK = 1 << 12;

  private static final int PIECE = 1 << 16;
  private static final int PIECES = 16;

  /** Returns a text in memory as a file that was read. */
  public static TextFile of(String text) throws IOException {
    return of(null, null, new TextEncoding(StandardCharsets.UTF_8, 0, ""), new StringReader(text));
  }

  private static TextFile of(
      FileBytes bytes, BinaryFile binary, TextEncoding encoding, Reader reader) throws IOException {
    return new TextFile(bytes, binary, encoding, new TextWindow(reader));
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
    return of(
        null, null, new TextEncoding(encoding, 0, ""), new InputStreamReader(bytes, encoding));
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
      BinaryFile binary = BinaryFile.of(head, Compression.plainName(file)).orElse(null);
      return of(bytes, binary, found, reader(head, bytes, found));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private static Reader reader(byte[] head, InputStream rest, TextEncoding encoding) {
    int mark = encoding.markBytes();
    var behindMark = new ByteArrayInputStream(head, mark, head.length - mark);
    return new InputStreamReader(new SequenceInputStream(behindMark, rest), encoding.charset());
  }

  /**
   * Opens a range of a file that is not compressed.
   *
   * @param limit counts the line ends that are read
   */
  public static TextFile openRange(TextRange range, LineLimit limit, Configuration hadoop)
      throws IOException {
    FileBytes bytes = FileBytes.openRange(range.file(), range.from(), range.to(), hadoop);
    try {
      InputStream counted = limit.counting(bytes);
      if (range.from() == 0) {
        byte[] head = counted.readNBytes(MARK);
        TextEncoding found = TextEncoding.declared(range.encoding(), head);
        return of(bytes, null, found, reader(head, counted, found));
      }
      Charset charset = Charset.forName(range.encoding());
      TextWindow text = TextWindow.within(new InputStreamReader(counted, charset));
      return new TextFile(bytes, null, new TextEncoding(charset, 0, ""), text);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Adds pieces spread evenly behind the head. */
  private static void addPieces(List<byte[]> pieces, String file, long length, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = StoredFile.open(path, hadoop)) {
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
