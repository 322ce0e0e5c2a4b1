package io.attune.jobs.demo;

import io.attune.schemas.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Formats the cells of a row. */
enum RowFormat {
  /** Writes one object per row; an empty cell is an absent field. */
  JSON_LINES {
    @Override
    String row(List<String> header, List<String> cells) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          fields.put(header.get(i), cells.get(i));
        }
      }
      return Json.line(fields);
    }

    @Override
    String cut(List<String> header, List<String> cells) {
      String whole = row(header, cells);
      return whole.substring(0, whole.length() / 2);
    }
  },

  /** Follows RFC 4180: quotes cells with a comma, a quote or a line end; has a header. */
  CSV {
    @Override
    String row(List<String> header, List<String> cells) {
      return String.join(",", cells.stream().map(RowFormat::quoted).toList());
    }
  },

  /**
   * Separates cells by tabs, without quotes, so cells must not hold a tab or a line end; has a
   * header.
   */
  TSV {
    @Override
    String row(List<String> header, List<String> cells) {
      return String.join("\t", cells);
    }
  };

  /** Returns a good row, without its line feed. */
  abstract String row(List<String> header, List<String> cells);

  /** Returns a truncated row. */
  String cut(List<String> header, List<String> cells) {
    return row(header, cells.subList(0, 2));
  }

  boolean hasHeader() {
    return this != JSON_LINES;
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
