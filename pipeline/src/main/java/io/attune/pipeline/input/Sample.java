package io.attune.pipeline.input;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Holds records from the whole of a file that nothing is known about yet, for writing a
 * configuration.
 *
 * @param layout that fits the file best; its format and its encoding are known
 * @param columns in the order in which they appear; the values in a nested one by their path, such
 *     as {@code user.name}, after it
 * @param records a random sample over the whole file, in its order, the same each time; value by
 *     column, empty values left out
 * @param values by column, counted over every record that was read
 * @param read records that were read, those with a fault among them
 * @param faulty records among them that are malformed
 * @param faults the first of these, with their lines
 * @param whole whether the whole file was read; else parts of it, as a remark says
 * @param remarks what was found out about the file, with the next-best guess where there was doubt;
 *     sentences for a person
 */
public record Sample(
    FileLayout layout,
    List<String> columns,
    List<Map<String, String>> records,
    Map<String, ColumnValues> values,
    long read,
    long faulty,
    List<RawRecord> faults,
    boolean whole,
    List<String> remarks) {
  private static final List<String> DELIMITERS = List.of(",", ";", "|", "\t");
  private static final int FAULTS = 10;

  public Sample {
    columns = List.copyOf(columns);
    records = List.copyOf(records);
    faults = List.copyOf(faults);
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads a file, and keeps at most {@code limit} of its records.
   *
   * @throws Failure.BadInput if there is no such file, or it holds no record
   */
  public static Sample of(String file, Configuration hadoop, int limit) {
    try {
      Path path = new Path(file);
      var status = path.getFileSystem(hadoop).getFileStatus(path);
      Format format = Format.AUTO.of(file);
      InputFile input =
          new InputFile("sample", file, null, status.getLen(), status.getModificationTime());
      TextCheck.requireText(FileLayout.of(format), input, hadoop);
      Sample best = null;
      for (String delimiter : format == Format.CSV ? DELIMITERS : List.of("")) {
        FileLayout layout =
            FileLayout.of(format).withDelimiter(delimiter.isEmpty() ? null : delimiter);
        Sample sample = read(layout, file, limit, hadoop);
        if (best == null || sample.cells() > best.cells()) {
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
  private long cells() {
    return (long) records.size() * columns.size();
  }

  private static Sample read(FileLayout layout, String file, int limit, Configuration hadoop)
      throws IOException {
    try (RecordReader reader = RecordReader.open(layout, file, hadoop)) {
      SplittableRandom random = new SplittableRandom(1);
      Map<String, ColumnValues.Counter> counters = new LinkedHashMap<>();
      reader.header().forEach(name -> counters.put(name, new ColumnValues.Counter()));
      TreeMap<Long, Map<String, String>> kept = new TreeMap<>();
      List<Long> slots = new ArrayList<>();
      List<RawRecord> faults = new ArrayList<>();
      long read = 0;
      long faulty = 0;
      while (reader.hasNext()) {
        RawRecord record = reader.next();
        read++;
        if (record.fault() != null) {
          faulty++;
          if (faults.size() < FAULTS) {
            faults.add(record);
          }
          continue;
        }
        record
            .fields()
            .forEach(
                (name, value) ->
                    counters
                        .computeIfAbsent(name, column -> new ColumnValues.Counter())
                        .add(value, false));
        if (slots.size() < limit) {
          slots.add(read);
          kept.put(read, record.fields());
        } else {
          long at = random.nextLong(read - faulty);
          if (at < limit) {
            kept.remove(slots.set((int) at, read));
            kept.put(read, record.fields());
          }
        }
      }
      Map<String, ColumnValues> values = new LinkedHashMap<>();
      counters.forEach((name, counter) -> values.put(name, counter.values()));
      return new Sample(
          layout,
          List.copyOf(counters.keySet()),
          List.copyOf(kept.values()),
          values,
          read,
          faulty,
          faults,
          true,
          List.of());
    }
  }
}
