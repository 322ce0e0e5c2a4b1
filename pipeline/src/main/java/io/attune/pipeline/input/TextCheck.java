package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.TextFile;
import io.attune.pipeline.input.stream.TextWindow;
import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Checks the first characters of a text file before its records are read. */
final class TextCheck {
  private static final int HEAD = 8192;

  /** Share of unreadable characters that {@code clean} lets pass by default. */
  private static final double MAX_UNREADABLE_SHARE = 0.05;

  private static final double MOST_CONTROL_SHARE = 0.02;

  private TextCheck() {}

  /**
   * Fails if a file is binary, or not in the encoding that its layout declares.
   *
   * @param text the open file, of which nothing was read yet
   * @throws IOException if it breaks off
   */
  static void requireText(FileLayout layout, InputFile file, TextFile text, Configuration hadoop)
      throws IOException {
    if (text.binary() != null) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' %s", file.path(), file.corpus(), text.binary().said());
    }
    TextWindow head = text.text();
    int unreadable = 0;
    int length = 0;
    for (int i = 0; i < HEAD && head.at(i) >= 0; i++) {
      length++;
      unreadable += head.at(i) == 0xFFFD ? 1 : 0;
    }
    Optional<String> binary = binary(head);
    if (binary.isPresent()) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is a binary file: %s; give a text file, or set the corpus's format or"
              + " encoding",
          file.path(), file.corpus(), binary.get());
    }
    boolean isDeclared = !layout.encoding().equals(FileLayout.AUTO);
    if (isDeclared && unreadable > MAX_UNREADABLE_SHARE * length) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is not in %s: %,d of its first %,d characters cannot be read; set"
              + " corpora.encoding to auto%s",
          file.path(),
          file.corpus(),
          layout.encoding(),
          unreadable,
          length,
          found(file.path(), hadoop));
    }
  }

  /**
   * Says that text is none, by its first characters: a few zeros and control characters are errors
   * of what wrote it. Those that delimit values or format pages do not count.
   *
   * @param text of which nothing was read yet
   */
  static Optional<String> binary(TextWindow text) throws IOException {
    int length = 0;
    int control = 0;
    for (int c = text.at(0); length < HEAD && c >= 0; c = text.at(++length)) {
      boolean isOfText = c >= '\t' && c <= '\r';
      boolean delimits = (c >= 1 && c <= 3) || (c >= 0x1A && c <= 0x1F);
      control += c < ' ' && !isOfText && !delimits ? 1 : 0;
    }
    return control > MOST_CONTROL_SHARE * length
        ? Optional.of(
            "%,d of its first %,d characters are 0 or control characters"
                .formatted(control, length))
        : Optional.empty();
  }

  private static String found(String file, Configuration hadoop) throws IOException {
    try (TextFile text = TextFile.open(file, null, hadoop)) {
      return " or " + text.encoding().charset().name();
    }
  }
}
