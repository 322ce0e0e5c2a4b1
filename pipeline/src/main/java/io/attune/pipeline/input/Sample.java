package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Holds the first records of a file that nothing is known about yet, for writing a configuration.
 *
 * @param format as the file's name and first line say
 * @param delimiter of CSV, where it is not the comma; else null
 * @param columns in the order in which they appear
 * @param records value by column; empty values left out
 */
public record Sample(
    Format format, String delimiter, List<String> columns, List<Map<String, String>> records) {
  private static final List<String> DELIMITERS = List.of(",", ";", "|", "\t");

  /**
   * Reads at most {@code limit} records.
   *
   * @throws Failure.BadInput if there is no such file, or it holds no record
   */
  public static Sample of(String file, int limit, Configuration hadoop) {
    try {
      Path path = new Path(file);
      var status = path.getFileSystem(hadoop).getFileStatus(path);
      Format format = Format.AUTO.of(file);
      InputFile input =
          new InputFile("sample", file, null, status.getLen(), status.getModificationTime());
      TextCheck.requireText(new FileLayout(format, null, null), input, hadoop);
      Sample best = null;
      for (String delimiter : format == Format.CSV ? DELIMITERS : List.of("")) {
        FileLayout layout = new FileLayout(format, delimiter.isEmpty() ? null : delimiter, null);
        Sample sample = read(layout, file, limit, hadoop);
        if (best == null || sample.values() > best.values()) {
          best = sample;
        }
      }
      if (best.records().isEmpty()) {
        throw new Failure.BadInput("'%s' holds no record that can be read as %s", file, format);
      }
      return best;
    } catch (IOException e) {
      throw new Failure.BadInput(e, "Cannot read '%s': %s", file, e.getMessage());
    }
  }

  /** Chooses the delimiter that gives the most columns. */
  private long values() {
    return (long) records.size() * columns.size();
  }

  private static Sample read(FileLayout layout, String file, int limit, Configuration hadoop)
      throws IOException {
    try (RecordReader reader = RecordReader.open(layout, file, hadoop)) {
      Set<String> columns = new LinkedHashSet<>(reader.header());
      List<Map<String, String>> records = new ArrayList<>();
      while (records.size() < limit && reader.hasNext()) {
        RawRecord record = reader.next();
        if (record.fault() == null) {
          columns.addAll(record.fields().keySet());
          records.add(record.fields());
        }
      }
      boolean comma = layout.delimiter() == null || layout.delimiter().equals(",");
      return new Sample(
          layout.format(), comma ? null : layout.delimiter(), List.copyOf(columns), records);
    }
  }
}
