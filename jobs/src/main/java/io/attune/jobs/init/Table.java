package io.attune.jobs.init;

import io.attune.pipeline.input.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds what is known of the records of one file, or of several with the same columns.
 *
 * @param columns in the order of the file
 * @param records a sample of all of them, value by column; empty values left out
 * @param counts how often each value occurs among all records, by column; a column with too many
 *     values to count is absent
 * @param total the number of all records
 */
record Table(
    List<String> columns,
    List<Map<String, String>> records,
    Map<String, Map<String, Long>> counts,
    long total) {
  /** Marks the values within a list, which is a column itself. */
  private static final Pattern IN_LIST = Pattern.compile("\\[\\d+\\]");

  /** Returns the table of a file, of which a sample was kept. */
  static Table of(Sample sample) {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    sample
        .values()
        .forEach(
            (column, values) -> {
              if (values.complete()) {
                counts.put(column, values.counts());
              }
            });
    return new Table(
        sample.columns().stream().filter(column -> !IN_LIST.matcher(column).find()).toList(),
        sample.records(),
        counts,
        sample.read() - sample.faulty());
  }

  /** Returns one table of all records, with the columns of all. */
  static Table merged(List<Table> tables) {
    Set<String> columns = new LinkedHashSet<>();
    List<Map<String, String>> records = new ArrayList<>();
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    for (Table table : tables) {
      columns.addAll(table.columns());
      records.addAll(table.records());
    }
    for (String column : columns) {
      List<Table> having = tables.stream().filter(t -> t.columns().contains(column)).toList();
      if (having.stream().allMatch(table -> table.counts().containsKey(column))) {
        Map<String, Long> all = new LinkedHashMap<>();
        having.forEach(
            table -> table.counts().get(column).forEach((v, n) -> all.merge(v, n, Long::sum)));
        counts.put(column, all);
      }
    }
    return new Table(
        List.copyOf(columns), records, counts, tables.stream().mapToLong(Table::total).sum());
  }

  /** Returns this table with columns that have one value in all records. */
  Table with(Map<String, String> constants) {
    Set<String> all = new LinkedHashSet<>(columns);
    List<Map<String, String>> records = new ArrayList<>(this.records);
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>(this.counts);
    constants.forEach(
        (column, value) -> {
          if (all.add(column)) {
            counts.put(column, Map.of(value, total));
            records.replaceAll(
                record -> {
                  Map<String, String> more = new LinkedHashMap<>(record);
                  more.put(column, value);
                  return more;
                });
          }
        });
    return new Table(List.copyOf(all), records, counts, total);
  }

  /** Returns what is known of each column. */
  Map<String, ColumnProfile> profiles() {
    Map<String, ColumnProfile> profiles = new LinkedHashMap<>();
    for (String column : columns) {
      List<String> values = new ArrayList<>();
      for (Map<String, String> record : records) {
        String value = record.get(column);
        if (value != null && !value.isBlank()) {
          values.add(value);
        }
      }
      profiles.put(
          column, ColumnProfile.of(column, values, records.size(), counts.get(column), total));
    }
    return profiles;
  }
}
