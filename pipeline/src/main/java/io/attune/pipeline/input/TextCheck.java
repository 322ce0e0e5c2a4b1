package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Checks the first bytes of a file before any work. */
public final class TextCheck {
  private static final int HEAD_BYTES = 8192;

  private TextCheck() {}

  /** Fails if the file is empty or binary. */
  public static void requireText(FileLayout layout, InputFile file, Configuration hadoop)
      throws IOException {
    if (file.bytes() == 0) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is empty; remove it, or fix what writes it",
          file.path(), file.corpus());
    }
    Path path = new Path(file.path());
    byte[] head;
    try (InputStream bytes = path.getFileSystem(hadoop).open(path);
        InputStream in = file.path().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes) {
      head = in.readNBytes(HEAD_BYTES);
    }
    if (layout.encoding().startsWith("UTF-16") || layout.encoding().startsWith("UTF-32")) {
      return;
    }
    for (int i = 0; i < head.length; i++) {
      if (head[i] == 0) {
        throw new Failure.BadInput(
            "'%s' of corpus '%s' is a binary file: byte %d is 0; give a text file, or set the"
                + " corpus's format or encoding",
            file.path(), file.corpus(), i);
      }
    }
  }
}
