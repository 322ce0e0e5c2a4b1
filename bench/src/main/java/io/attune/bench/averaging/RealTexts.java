package io.attune.bench.averaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.bench.layers.BenchCase;
import io.attune.bench.layers.Lengths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Provides the rows of a labelled corpus in their order: pieces of words as in {@link Lengths},
 * with their hashes as ids, so that no vocabulary has to be trained first.
 *
 * @param file {@code .jsonl.gz}, with the fields {@code text} and {@code label}
 * @param tokens limit after which a row is truncated
 */
record RealTexts(String file, int tokens) implements NumberedRows {
  private static final long serialVersionUID = 1;

  /** Caches the rows by file: each JVM reads a file once. */
  private static final ConcurrentMap<RealTexts, List<Row>> READ = new ConcurrentHashMap<>();

  @Override
  public Row row(long number) {
    List<Row> rows = READ.computeIfAbsent(this, RealTexts::read);
    if (number >= rows.size()) {
      throw new IllegalArgumentException(
          "'%s' has %d rows for this benchmark, and row %d was requested: use fewer (--rows)"
              .formatted(file, rows.size(), number));
    }
    return rows.get((int) number);
  }

  private List<Row> read() {
    ObjectMapper json = new ObjectMapper();
    List<Row> rows = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    try {
      for (String line : Lengths.lines(Path.of(file))) {
        JsonNode text = json.readTree(line);
        String label = text.path("label").asText();
        if (!kinds.contains(label)) {
          kinds.add(label);
        }
        rows.add(new Row(ids(text.path("text").asText()), kinds.indexOf(label)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read '" + file + "'", e);
    }
    if (kinds.size() > BenchCase.CLASSES) {
      throw new IllegalArgumentException(
          "'%s' has %d labels, this benchmark takes at most %d"
              .formatted(file, kinds.size(), BenchCase.CLASSES));
    }
    return rows;
  }

  private int[] ids(String text) {
    int[] ids =
        Lengths.TOKEN
            .matcher(text.toLowerCase(Locale.ROOT))
            .results()
            .limit(tokens)
            .mapToInt(found -> Math.floorMod(found.group().hashCode(), BenchCase.VOCABULARY))
            .toArray();
    return ids.length == 0 ? new int[1] : ids;
  }
}
