package io.attune.pipeline.input;

import java.util.Map;

/**
 * Holds one record of a file, or why it cannot be read as one.
 *
 * @param line where it begins, from 1
 * @param fields value by column, null and empty values left out; empty if there is a fault
 * @param raw the record's own characters, cut after {@link #MAX_RAW}
 * @param fault why it is not a record; null if it is one
 */
public record RawRecord(long line, Map<String, String> fields, String raw, String fault) {
  public static final int MAX_RAW = 2000;

  public static RawRecord of(long line, Map<String, String> fields, String raw) {
    return new RawRecord(line, fields, cut(raw), null);
  }

  public static RawRecord malformed(long line, String raw, String fault) {
    return new RawRecord(line, Map.of(), cut(raw), fault);
  }

  private static String cut(String raw) {
    return raw.length() <= MAX_RAW ? raw : raw.substring(0, MAX_RAW);
  }
}
