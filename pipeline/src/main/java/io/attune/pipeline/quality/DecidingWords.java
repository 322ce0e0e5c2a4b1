package io.attune.pipeline.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.conv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;

import io.attune.pipeline.text.DocumentText;
import io.attune.schemas.table.CleanDocuments;
import io.attune.schemas.table.Documents;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Finds single words that tell a class almost without an error: the label then probably stands in
 * the text, and a model that learns it is of no use on texts without it.
 */
final class DecidingWords {
  /** Bounds the documents that are looked at, chosen by the hash of their texts. */
  private static final int SAMPLE = 5_000;

  private static final int LEAST_DOCUMENTS = 20;
  private static final double F1 = 0.97;

  /**
   * Bounds the errors that are left of those made by always giving the class: a word that most
   * documents have tells a class of nearly all documents almost as often as no word does.
   */
  private static final double LEFT_ERRORS = 0.25;

  private static final int MOST_CHARACTERS = 10_000;

  /** Matches a word, or two characters of a script without blanks between words. */
  private static final Pattern WORD =
      Pattern.compile(
          "(?=([\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}]{2}))|([\\p{L}\\p{N}_]{2,40})");

  private DecidingWords() {}

  /**
   * Names a word and its class.
   *
   * @param precision fraction of the documents with the word that are of the class
   * @param recall fraction of the documents of the class that have the word
   */
  record Found(String head, String label, String word, double precision, double recall) {
    double f1() {
      return 2 * precision * recall / (precision + recall);
    }
  }

  /**
   * Returns the best such word of each class of each head, if it has any; a head with one class has
   * none.
   *
   * @param documents with the columns of {@link CleanDocuments}
   * @param number of documents
   */
  static List<Found> in(Dataset<Row> documents, long number) {
    double fraction = number <= SAMPLE ? 1 : (double) SAMPLE / number;
    Map<String, Map<String, Long>> classes = new HashMap<>();
    Map<List<String>, Map<String, Long>> counts = new HashMap<>();
    documents
        .where(
            conv(substring(col(CleanDocuments.TEXT_HASH), 1, 8), 16, 10)
                .cast("double")
                .lt(lit(fraction * Math.pow(16, 8))))
        .select(Documents.TITLE, Documents.TEXT, Documents.LABELS)
        .javaRDD()
        .flatMapToPair(DecidingWords::occurrences)
        .reduceByKey(Long::sum)
        .mapToPair(DecidingWords::byWord)
        .groupByKey()
        .filter(DecidingWords::mayDecide)
        .flatMapToPair(DecidingWords::byLabel)
        .collect()
        .forEach(
            count -> {
              Occurrence of = count._1();
              (of.word().isEmpty()
                      ? classes.computeIfAbsent(of.head(), head -> new HashMap<>())
                      : counts.computeIfAbsent(
                          List.of(of.head(), of.word()), key -> new HashMap<>()))
                  .put(of.label(), count._2());
            });
    return best(classes, counts);
  }

  /** Names a word in a document of a class; no word is the document itself. */
  private record Occurrence(String head, String label, String word) implements Serializable {}

  private static Tuple2<Occurrence, Tuple2<String, Long>> byWord(Tuple2<Occurrence, Long> count) {
    Occurrence of = count._1();
    return new Tuple2<>(
        new Occurrence(of.head(), "", of.word()), new Tuple2<>(of.label(), count._2()));
  }

  /** Returns whether a word is in enough documents of a class, or is none. */
  private static boolean mayDecide(Tuple2<Occurrence, Iterable<Tuple2<String, Long>>> word) {
    boolean isOften = word._1().word().isEmpty();
    for (Tuple2<String, Long> count : word._2()) {
      isOften |= count._2() >= LEAST_DOCUMENTS;
    }
    return isOften;
  }

  private static Iterator<Tuple2<Occurrence, Long>> byLabel(
      Tuple2<Occurrence, Iterable<Tuple2<String, Long>>> word) {
    List<Tuple2<Occurrence, Long>> counts = new ArrayList<>();
    for (Tuple2<String, Long> count : word._2()) {
      Occurrence of = new Occurrence(word._1().head(), count._1(), word._1().word());
      counts.add(new Tuple2<>(of, count._2()));
    }
    return counts.iterator();
  }

  private static Iterator<Tuple2<Occurrence, Long>> occurrences(Row document) {
    List<Tuple2<Occurrence, Long>> occurrences = new ArrayList<>();
    String[] words = words(DocumentText.of(document.getString(0), document.getString(1)));
    Map<String, String> labels = document.isNullAt(2) ? Map.of() : document.getJavaMap(2);
    labels.forEach(
        (head, label) -> {
          if (label != null) {
            occurrences.add(new Tuple2<>(new Occurrence(head, label, ""), 1L));
            for (String word : words) {
              occurrences.add(new Tuple2<>(new Occurrence(head, label, word), 1L));
            }
          }
        });
    return occurrences.iterator();
  }

  private static List<Found> best(
      Map<String, Map<String, Long>> classes, Map<List<String>, Map<String, Long>> counts) {
    Map<List<String>, Found> best = new HashMap<>();
    counts.forEach(
        (key, byLabel) -> {
          Map<String, Long> sizes = classes.get(key.get(0));
          long all = sizes.values().stream().mapToLong(Long::longValue).sum();
          long having = byLabel.values().stream().mapToLong(Long::longValue).sum();
          byLabel.forEach(
              (label, both) -> {
                Found found =
                    new Found(
                        key.get(0),
                        label,
                        key.get(1),
                        both / (double) having,
                        both / (double) sizes.get(label));
                long size = sizes.get(label);
                double errors = (double) (having + size - 2 * both);
                boolean tellsMore = errors <= LEFT_ERRORS * (double) (all - size);
                if (sizes.size() > 1 && both >= LEAST_DOCUMENTS && tellsMore && found.f1() >= F1) {
                  best.merge(List.of(key.get(0), label), found, DecidingWords::better);
                }
              });
        });
    List<Found> sorted = new ArrayList<>(best.values());
    sorted.sort(Comparator.comparing(Found::head).thenComparing(Found::label));
    return sorted;
  }

  private static Found better(Found a, Found b) {
    Comparator<Found> order =
        Comparator.comparingDouble(Found::f1).thenComparing(Found::word, Comparator.reverseOrder());
    return order.compare(a, b) >= 0 ? a : b;
  }

  /** Returns the different words of a text, in lower case. */
  static String[] words(String text) {
    Set<String> words = new TreeSet<>();
    String start = text == null ? "" : text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
    Matcher found = WORD.matcher(start.toLowerCase(Locale.ROOT));
    while (found.find()) {
      words.add(found.group(1) != null ? found.group(1) : found.group(2));
    }
    return words.toArray(String[]::new);
  }
}
