package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what reading a file threw into a failure that names the file and says what to do. */
final class Unreadable {
  private static final Pattern MISSING_CODEC = Pattern.compile("([A-Za-z0-9]+)Codec was not found");

  private Unreadable() {}

  /** Returns the failure among the causes, if it is one already; else one that names the file. */
  static Failure failure(InputFile file, Throwable thrown) {
    return Failure.in(thrown)
        .orElseGet(
            () ->
                new Failure.BadInput(
                    thrown,
                    "Cannot read '%s' of corpus '%s': %s; nothing of it was taken; %s, or move it"
                        + " away, and run again",
                    file.path(),
                    file.corpus(),
                    said(thrown),
                    advice(thrown)));
  }

  /**
   * Returns the failure of files that were read together.
   *
   * @param what names them, where the exception does not
   */
  static Failure failure(String what, Throwable thrown) {
    return Failure.in(thrown)
        .orElseGet(
            () ->
                new Failure.BadInput(
                    thrown,
                    "Cannot read %s: %s; nothing was taken; %s, or move it away, and run again",
                    what,
                    said(thrown),
                    advice(thrown)));
  }

  /** Returns what to do: a file whose codec is not here is whole. */
  private static String advice(Throwable thrown) {
    Matcher codec = MISSING_CODEC.matcher(said(thrown));
    return codec.find()
        ? "its columns are compressed with %s, which is not read: write them with zstd, gzip or snappy"
            .formatted(codec.group(1))
        : "restore the file from where it came";
  }

  private static String said(Throwable thrown) {
    Optional<Failure> diagnosed = Storage.diagnosisOf(thrown);
    if (diagnosed.isPresent()) {
      return diagnosed.get().getMessage();
    }
    StringBuilder said = new StringBuilder();
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < 20; depth++, at = at.getCause()) {
      if (at instanceof EOFException) {
        return "it breaks off before its end";
      } else if (at instanceof FileNotFoundException) {
        return "it is no longer there";
      }
      boolean wraps =
          at.getCause() != null
              && (at instanceof UncheckedIOException
                  || String.valueOf(at.getMessage()).contains("Job aborted"));
      String line = wraps ? "" : firstLine(at);
      if (!line.isEmpty() && said.indexOf(line) < 0) {
        said.append(said.isEmpty() ? "" : ": ").append(line);
      }
    }
    return said.toString();
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    return message.lines().findFirst().orElse(thrown.getClass().getSimpleName()).strip();
  }
}
