package io.attune.pipeline.quality;

import io.attune.schemas.table.Documents;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Counts documents in one pass; tallies of parts are added up. */
final class DocumentTally implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int LONGEST_LANGUAGE = 20;
  private static final char UNREADABLE = '\uFFFD';

  /** Sets the digits of a length that count: the median is right to one in a thousand. */
  private static final int DISTINCT_LENGTHS = 10_000;

  /** Bounds the shortest texts that are counted together. */
  private static final long SHORTEST_BAND = 16;

  private long documents;
  private long dated;
  private long labelled;
  private long broken;
  private final TreeMap<Integer, Long> lengths = new TreeMap<>();
  private final TreeMap<String, TreeMap<String, Long>> labels = new TreeMap<>();
  private final TreeMap<String, Long> languages = new TreeMap<>();

  /** Returns the columns that {@link #add} takes, in order. */
  static Column[] columns() {
    return new Column[] {
      functions.coalesce(functions.col(Documents.TEXT), functions.col(Documents.TITLE)),
      functions.col(Documents.PUBLISHED_AT),
      functions.col(Documents.LABELS),
      functions.col(Documents.LANGUAGE)
    };
  }

  /** Counts a document and returns this. */
  DocumentTally add(Row document) {
    documents++;
    if (!document.isNullAt(0)) {
      String text = document.getString(0);
      lengths.merge(rounded(text.codePointCount(0, text.length())), 1L, Long::sum);
      broken += text.indexOf(UNREADABLE) >= 0 ? 1 : 0;
    }
    dated += document.isNullAt(1) ? 0 : 1;
    labelled += addLabels(document.isNullAt(2) ? Map.of() : document.getJavaMap(2)) ? 1 : 0;
    String language = document.getString(3);
    if (language != null && language.length() < LONGEST_LANGUAGE) {
      languages.merge(language, 1L, Long::sum);
    }
    return this;
  }

  private boolean addLabels(Map<String, String> found) {
    boolean any = false;
    for (Map.Entry<String, String> label : found.entrySet()) {
      if (label.getValue() != null) {
        any = true;
        labels
            .computeIfAbsent(label.getKey(), head -> new TreeMap<>())
            .merge(label.getValue(), 1L, Long::sum);
      }
    }
    return any;
  }

  /** Adds what another counted and returns this. */
  DocumentTally add(DocumentTally other) {
    documents += other.documents;
    dated += other.dated;
    labelled += other.labelled;
    broken += other.broken;
    addTo(lengths, other.lengths);
    addTo(languages, other.languages);
    other.labels.forEach(
        (head, counts) -> addTo(labels.computeIfAbsent(head, any -> new TreeMap<>()), counts));
    return this;
  }

  private static <K> void addTo(Map<K, Long> counts, Map<K, Long> others) {
    others.forEach((key, count) -> counts.merge(key, count, Long::sum));
  }

  private static int rounded(int length) {
    int unit = 1;
    while (length / unit >= DISTINCT_LENGTHS) {
      unit *= 10;
    }
    return length / unit * unit;
  }

  long documents() {
    return documents;
  }

  double dated() {
    return share(dated);
  }

  double labelled() {
    return share(labelled);
  }

  double broken() {
    return share(broken);
  }

  private double share(long some) {
    return documents == 0 ? 0 : (double) some / documents;
  }

  /** Returns the median length of a text in characters; 0 without texts. */
  double medianCharacters() {
    long texts = lengths.values().stream().mapToLong(Long::longValue).sum();
    long before = 0;
    for (Map.Entry<Integer, Long> length : lengths.entrySet()) {
      before += length.getValue();
      if (2 * before >= texts) {
        return length.getKey();
      }
    }
    return 0;
  }

  /** Returns documents by the number of their characters, in bounds that double. */
  Map<String, Long> lengths() {
    Map<String, Long> bands = new TreeMap<>();
    lengths.forEach((length, documents) -> bands.merge(band(length), documents, Long::sum));
    return bands;
  }

  private static String band(int characters) {
    long bound = SHORTEST_BAND;
    while (bound < characters) {
      bound *= 2;
    }
    long low = bound == SHORTEST_BAND ? 0 : bound / 2 + 1;
    return "%06d-%06d".formatted(low, bound);
  }

  /** Returns documents by head and class. */
  Map<String, ? extends Map<String, Long>> labels() {
    return labels;
  }

  /** Returns documents by language, where it is known. */
  Map<String, Long> languages() {
    return languages;
  }
}
