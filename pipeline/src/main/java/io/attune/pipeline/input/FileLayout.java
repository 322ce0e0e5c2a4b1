package io.attune.pipeline.input;

import java.io.Serializable;
import java.nio.charset.Charset;

/**
 * Says how records lie in a file.
 *
 * @param delimiter of CSV and TSV; null for the format's own
 * @param encoding of text, such as {@code GB18030}; null for UTF-8
 */
public record FileLayout(Format format, String delimiter, String encoding) implements Serializable {
  public FileLayout {
    encoding = encoding == null ? "UTF-8" : encoding;
  }

  public char delimiterOf(Format actual) {
    if (delimiter != null) {
      return delimiter.charAt(0);
    }
    return actual == Format.TSV ? '\t' : ',';
  }

  /** Returns whether Java knows an encoding by this name. */
  public static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
