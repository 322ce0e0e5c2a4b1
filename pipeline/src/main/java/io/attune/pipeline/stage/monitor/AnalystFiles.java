package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.storage.FileSystems;
import io.attune.pipeline.surge.Holidays;
import io.attune.pipeline.surge.Masks;
import io.attune.schemas.failure.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads the files in which analysts write what they know of days. */
final class AnalystFiles {
  private static final String KEYS = "monitor.surges.";
  private static final String DAY = "\\d{4}-\\d{2}-\\d{2}";

  private AnalystFiles() {}

  /**
   * Reads annotations: lines of {@code series, from, to, reason}.
   *
   * @param path or URI; empty for none
   * @throws Failure.BadInput naming the file, if it is not there or a line has another form
   */
  static Masks masks(String path, Configuration files) {
    return path.isEmpty() ? Masks.NONE : Masks.parse(path, lines("annotations", path, files));
  }

  /**
   * Reads holidays: a day as in 2026-12-25 in each line, and behind it what people like to know.
   *
   * @param path or URI; empty for none
   * @throws Failure.BadInput naming the file, if it is not there or a line has another form
   */
  static Holidays holidays(String path, Configuration files) {
    if (path.isEmpty()) {
      return Holidays.NONE;
    }
    Set<LocalDate> days = new HashSet<>();
    List<String> lines = lines("holidays", path, files);
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        days.add(day(path, number, line));
      }
    }
    return new Holidays(days);
  }

  private static LocalDate day(String path, int number, String line) {
    String[] parts = line.split("[\\s,;]", 2);
    try {
      if (parts[0].matches(DAY)) {
        return LocalDate.parse(parts[0]);
      }
    } catch (DateTimeException e) {
      throw wrong(path, number, line);
    }
    throw wrong(path, number, line);
  }

  private static Failure.BadInput wrong(String path, int number, String line) {
    return new Failure.BadInput(
        "%s, line %d does not begin with a day as in 2026-12-25: %s; correct the line, or put #"
            + " before it",
        path, number, line);
  }

  private static List<String> lines(String key, String path, Configuration files) {
    try {
      Path named = new Path(path);
      Path whole = named.toUri().getScheme() == null ? new Path("file", null, path) : named;
      try (InputStream in = FileSystems.of(whole, files).open(whole)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return text.replace("\uFEFF", "").lines().toList();
      }
    } catch (FileNotFoundException e) {
      throw new Failure.BadInput(
          "%s%s names '%s', and there is no such file; correct the path, or leave the key empty",
          KEYS, key, path);
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.BadInput(
          e, "Cannot read '%s', which %s%s names: %s", path, KEYS, key, e.getMessage());
    }
  }
}
