package io.attune.pipeline.stage.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.pipeline.input.value.LabelText;
import io.attune.schemas.model.LabelSets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the labels of one head from the values of its column. */
final class LabelReader implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Holds a label, none, or why a value is not one.
   *
   * @param label null where there is none
   * @param fault the reason of a reject; null if the value can be used
   */
  record Reading(String label, String fault, String detail) {
    static final Reading NONE = new Reading(null, null, null);

    static Reading of(String label) {
      return label.isEmpty() ? NONE : new Reading(label, null, null);
    }
  }

  private final String head;
  private final String column;
  private final List<String> classes;
  private final Set<String> nullWords;
  private final boolean takesFirst;

  /** Maps values as they are written, of {@code label-values} and of classes. */
  private final Map<String, String> written = new HashMap<>();

  /** Maps keys of values; without those that two classes share. */
  private final Map<String, String> byKey = new HashMap<>();

  private LabelReader(Corpus corpus, LabelSets.Head head, String column) {
    this.head = head.name();
    this.column = column;
    this.classes = head.classes();
    this.nullWords = new HashSet<>(corpus.columns().nullWords());
    this.takesFirst = corpus.columns().severalLabels() == Corpus.SeveralLabels.FIRST;
    classes.forEach(name -> written.put(name, name));
    corpus
        .labelValues()
        .getOrDefault(this.head, Map.of())
        .forEach((found, meant) -> written.put(found.strip(), meant.strip()));
    Set<String> ambiguous = new HashSet<>();
    written.forEach(
        (found, meant) -> {
          String before = byKey.put(LabelText.key(found), meant);
          if (before != null && !before.equals(meant)) {
            ambiguous.add(LabelText.key(found));
          }
        });
    byKey.keySet().removeAll(ambiguous);
  }

  /** Returns the readers of a corpus, one for each head that it labels. */
  static List<LabelReader> all(Corpus corpus, LabelSets labels) {
    List<LabelReader> readers = new ArrayList<>();
    corpus
        .columns()
        .labels()
        .forEach(
            (head, column) ->
                readers.add(new LabelReader(corpus, labels.head(head).orElseThrow(), column)));
    return readers;
  }

  String head() {
    return head;
  }

  String column() {
    return column;
  }

  /**
   * Reads a value: as it is written, else without regard to case, blanks and forms of numbers, else
   * as a word for none, else as a list.
   *
   * @param value null where the record has none
   */
  Reading read(String value) {
    if (value == null) {
      return Reading.NONE;
    }
    String found = LabelText.plain(value);
    if (found.isEmpty()) {
      return Reading.NONE;
    }
    String label = written.containsKey(found) ? written.get(found) : meant(found);
    if (label != null) {
      return label.isEmpty() || classes.contains(label) ? Reading.of(label) : unknown(label);
    }
    if (nullWords.contains(found)) {
      return Reading.NONE;
    }
    return found.startsWith("[") && found.endsWith("]") ? list(found) : unknown(found);
  }

  private String meant(String found) {
    return byKey.get(LabelText.key(found));
  }

  private Reading list(String found) {
    JsonNode list;
    try {
      list = JSON.readTree(found);
    } catch (JsonProcessingException e) {
      return unknown(found);
    }
    Set<String> labels = new LinkedHashSet<>();
    for (JsonNode item : list) {
      Reading one = item.isContainerNode() ? unknown(item.toString()) : read(item.asText());
      if (one.fault() != null) {
        return one;
      }
      if (one.label() != null) {
        labels.add(one.label());
      }
    }
    if (labels.isEmpty()) {
      return Reading.NONE;
    }
    if (labels.size() == 1 || takesFirst) {
      return Reading.of(labels.iterator().next());
    }
    return new Reading(
        null,
        "several-labels",
        "the document has %d labels of head '%s', %s, and a head takes one; with columns.several-labels:"
                .formatted(labels.size(), head, FoundValue.shown(found))
            + " first the first one counts");
  }

  private Reading unknown(String label) {
    return new Reading(
        null,
        "unknown-label",
        "'%s' is not a class of head '%s': %s".formatted(FoundValue.shown(label), head, classes));
  }
}
