package io.attune.pipeline.input.stream;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Names how a file is compressed, as its first bytes say; its name does not matter. */
public enum Compression {
  NONE,
  GZIP,
  BZIP2,
  ZSTD,
  XZ;

  /** Bytes at the start of a file that are enough to tell. */
  static final int MAGIC = 10;

  /** Kibibytes that the dictionary of an xz file may take; presets need at most 65 MiB. */
  private static final int XZ_MEMORY = 256 << 10;

  private static final int[] GZIP_MAGIC = {0x1F, 0x8B};
  private static final int[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
  private static final int[] ZSTD_MAGIC = {0x28, 0xB5, 0x2F, 0xFD};
  private static final int[] XZ_MAGIC = {0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00};

  static Compression of(byte[] head) {
    if (has(head, 0, GZIP_MAGIC)) {
      return GZIP;
    } else if (has(head, 0, 'B', 'Z', 'h') && has(head, 4, BZIP2_BLOCK)) {
      return BZIP2;
    } else if (has(head, 0, ZSTD_MAGIC)) {
      return ZSTD;
    } else if (has(head, 0, XZ_MAGIC)) {
      return XZ;
    }
    return NONE;
  }

  private static boolean has(byte[] head, int at, int... magic) {
    if (head.length < at + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[at + i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Decompresses every member of a stream, to its last byte. */
  InputStream decompress(InputStream bytes) throws IOException {
    // The JDK's GZIPInputStream asks available() whether a member follows, which a remote stream
    // may answer with 0 in the middle of a file.
    return switch (this) {
      case NONE -> bytes;
      case GZIP -> new GzipCompressorInputStream(bytes, true);
      case BZIP2 -> new BZip2CompressorInputStream(bytes, true);
      case ZSTD -> new ZstdInputStream(bytes);
      case XZ -> new XZInputStream(bytes, XZ_MEMORY);
    };
  }

  /** Returns a file's name without the ending of a compressed file. */
  public static String plainName(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    for (String ending : new String[] {".gz", ".gzip", ".bz2", ".zst", ".zstd", ".xz"}) {
      if (name.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name;
  }
}
