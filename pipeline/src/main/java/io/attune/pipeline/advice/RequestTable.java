package io.attune.pipeline.advice;

import io.attune.pipeline.advice.LabelRequests.Requested;
import io.attune.pipeline.figure.Csv;
import io.attune.schemas.report.Advice.Guess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the requested documents as a table that a person fills in and that is then a corpus: all
 * that the documents had, an empty column for the label of each head, and what the model answers.
 */
final class RequestTable {
  private static final List<String> DOCUMENT =
      List.of("id", "source", "published", "language", "title", "text");

  private static final List<String> ANSWER =
      List.of("predicted", "probability", "runner_up", "runner_up_probability");

  private RequestTable() {}

  /**
   * Returns the table; with a header alone if nothing is asked for.
   *
   * @param heads of the model, in their order
   * @param labelColumns the column of the labels by head
   */
  static String of(List<Requested> requests, List<String> heads, Map<String, String> labelColumns) {
    Map<String, String> labels = labels(heads, labelColumns);
    List<String> answers =
        heads.stream().flatMap(head -> ANSWER.stream().map(field -> head + "_" + field)).toList();
    List<String> extras = extras(requests, labels, answers);
    List<String> header = new ArrayList<>(DOCUMENT);
    header.addAll(extras);
    header.addAll(labels.values());
    header.addAll(answers);
    Csv table = new Csv(header.toArray(String[]::new));
    for (Requested requested : requests) {
      List<Object> row = new ArrayList<>();
      row.add(requested.request().id());
      row.add(requested.request().source());
      row.add(requested.publishedAt());
      row.add(requested.language());
      row.add(requested.title());
      row.add(requested.text());
      extras.forEach(name -> row.add(requested.extra().get(name)));
      labels.forEach((head, column) -> row.add(null));
      heads.forEach(head -> add(row, requested.request().answer(head)));
      table.row(row.toArray());
    }
    return table.toString();
  }

  private static void add(List<Object> row, Optional<Guess> answer) {
    row.add(answer.map(Guess::predicted).orElse(null));
    row.add(answer.map(guess -> rounded(guess.probability())).orElse(null));
    row.add(answer.map(Guess::runnerUp).orElse(null));
    row.add(answer.map(guess -> rounded(guess.runnerUpProbability())).orElse(null));
  }

  /** Rounds to four decimals: floats have hardly more. */
  private static Double rounded(double probability) {
    return Math.round(probability * 10_000) / 10_000.0;
  }

  /** Returns the column of the labels by head; one that another column has is that of the head. */
  private static Map<String, String> labels(List<String> heads, Map<String, String> named) {
    Set<String> taken = new HashSet<>(DOCUMENT);
    Map<String, String> columns = new LinkedHashMap<>();
    for (String head : heads) {
      String column = named.getOrDefault(head, head);
      while (!taken.add(column)) {
        column = column + "_label";
      }
      columns.put(head, column);
    }
    return columns;
  }

  /** Returns the fields that corpora keep, but those that have the name of another column. */
  private static List<String> extras(
      List<Requested> requests, Map<String, String> labels, List<String> answers) {
    Set<String> names = new TreeSet<>();
    requests.forEach(requested -> names.addAll(requested.extra().keySet()));
    DOCUMENT.forEach(names::remove);
    labels.values().forEach(names::remove);
    answers.forEach(names::remove);
    return List.copyOf(names);
  }
}
