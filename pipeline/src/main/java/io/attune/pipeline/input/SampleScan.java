package io.attune.pipeline.input;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Reads all records of a file, keeps a random sample of them and counts their values. */
final class SampleScan {
  private static final int FAULTS = 10;

  /** Bytes of a file, as it is stored, that are read. */
  private static final long MAX_STORED = 1L << 30;

  /** Records that are read: a small compressed file may hold very many. */
  private static final long MAX_RECORDS = 20_000_000;

  private final int limit;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Map<String, ColumnValues.Counter> counters = new LinkedHashMap<>();
  private final TreeMap<Long, Map<String, String>> kept = new TreeMap<>();
  private final List<Long> slots = new ArrayList<>();
  private final List<RawRecord> faults = new ArrayList<>();
  private long read;
  private long faulty;

  SampleScan(int limit) {
    this.limit = limit;
  }

  /**
   * Reads to the end, which it returns, or to a bound.
   *
   * @param stored bytes of the file that were read so far
   */
  boolean read(List<String> header, Iterator<RawRecord> records, LongSupplier stored) {
    header.forEach(this::counter);
    while (records.hasNext()) {
      RawRecord record = records.next();
      read++;
      if (record.fault() == null) {
        add(record.fields());
      } else {
        faulty++;
        if (faults.size() < FAULTS) {
          faults.add(record);
        }
      }
      if (read >= MAX_RECORDS || stored.getAsLong() >= MAX_STORED) {
        return !records.hasNext();
      }
    }
    return true;
  }

  /** Counts a record, and keeps it with the same probability as all before it. */
  private void add(Map<String, String> fields) {
    JsonFields json = fields instanceof JsonFields found ? found : null;
    Map<String, String> flat = json == null ? fields : json.flat();
    flat.forEach((name, value) -> counter(name).add(value, json != null && json.isNested(name)));
    if (slots.size() < limit) {
      slots.add(read);
      kept.put(read, flat);
      return;
    }
    long slot = random.nextLong(read - faulty);
    if (slot < limit) {
      kept.remove(slots.set((int) slot, read));
      kept.put(read, flat);
    }
  }

  private ColumnValues.Counter counter(String name) {
    return counters.computeIfAbsent(name, column -> new ColumnValues.Counter());
  }

  long read() {
    return read;
  }

  Sample sample(FileLayout layout, boolean whole, List<String> remarks) {
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
        whole,
        remarks,
        null);
  }
}
