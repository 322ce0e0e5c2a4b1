package io.attune.pipeline.input;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a text in memory to its end. */
final class TextRecords {
  private TextRecords() {}

  static List<RawRecord> of(FileLayout layout, String text) throws IOException {
    List<RawRecord> records = new ArrayList<>();
    try (RecordReader reader = RecordReader.of(layout, text)) {
      while (reader.hasNext()) {
        records.add(reader.next());
      }
    }
    return records;
  }

  static List<RawRecord> good(List<RawRecord> records) {
    return records.stream().filter(record -> record.fault() == null).toList();
  }

  static List<RawRecord> faulty(List<RawRecord> records) {
    return records.stream().filter(record -> record.fault() != null).toList();
  }

  static List<String> column(List<RawRecord> records, String name) {
    return good(records).stream().map(record -> record.fields().get(name)).toList();
  }
}
