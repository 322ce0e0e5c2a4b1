package io.attune.pipeline.input;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the columns that a file's folders spell, as Hive and Spark write them: {@code
 * label=negative/dt=2026-01-01/part-0.csv}. Every folder of the path counts.
 */
public final class PathColumns {
  private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  private PathColumns() {}

  /** Returns the value by column; a column whose value is null is left out. */
  public static Map<String, String> of(String path) {
    if (path.indexOf('=') < 0) {
      return Map.of();
    }
    Map<String, String> columns = new LinkedHashMap<>();
    String[] folders = path.split("/", -1);
    for (int i = 0; i < folders.length - 1; i++) {
      int sign = folders[i].indexOf('=');
      if (sign < 1) {
        continue;
      }
      String value = decoded(folders[i].substring(sign + 1));
      if (!value.isEmpty() && !value.equals(NULL)) {
        columns.put(decoded(folders[i].substring(0, sign)), value);
      }
    }
    return columns;
  }

  /** Returns a record with the columns of its path, where it has no value of its own for them. */
  public static RawRecord addTo(RawRecord record, Map<String, String> columns) {
    if (columns.isEmpty() || record.fault() != null) {
      return record;
    }
    return new RawRecord(record.line(), new Fields(record.fields(), columns), record.raw(), null);
  }

  /** Holds the fields of a record, which may be asked by path too, and below them the path's. */
  private static final class Fields extends AbstractMap<String, String> {
    private final Map<String, String> own;
    private final Map<String, String> below;

    Fields(Map<String, String> own, Map<String, String> below) {
      this.own = own;
      this.below = below;
    }

    @Override
    public String get(Object name) {
      String value = own.get(name);
      return value != null ? value : below.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
      return get(name) != null;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      Map<String, String> all = new LinkedHashMap<>(below);
      all.putAll(own);
      return all.entrySet();
    }
  }

  private static String decoded(String name) {
    return ESCAPED
        .matcher(name)
        .replaceAll(
            code ->
                java.util.regex.Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(code.group(1), 16))));
  }
}
