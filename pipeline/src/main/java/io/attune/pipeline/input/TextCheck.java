package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.TextFile;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Checks the first characters of a file before any work. */
public final class TextCheck {
  private static final int HEAD = 8192;

  private TextCheck() {}

  /**
   * Fails if the file is empty or binary.
   *
   * @throws IOException if it is not there or breaks off
   */
  public static void requireText(FileLayout layout, InputFile file, Configuration hadoop)
      throws IOException {
    if (file.bytes() == 0) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is empty; remove it, or fix what writes it",
          file.path(), file.corpus());
    }
    String encoding = layout.encoding().equals(FileLayout.AUTO) ? null : layout.encoding();
    try (TextFile text = TextFile.open(file.path(), encoding, hadoop)) {
      TextWindow head = text.text();
      for (int i = 0; i < HEAD; i++) {
        if (head.at(i) == 0) {
          throw new Failure.BadInput(
              "'%s' of corpus '%s' is a binary file: byte %d is 0; give a text file, or set the"
                  + " corpus's format or encoding",
              file.path(), file.corpus(), i);
        }
      }
    }
  }
}
