package io.attune.jobs.init;

import io.attune.jobs.init.Finding.Role;
import io.attune.pipeline.text.DocumentText;
import io.attune.pipeline.text.LanguageMix;
import io.attune.schemas.model.RunLanguages;
import io.attune.schemas.table.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds everything that a first configuration says, before it is written.
 *
 * @param parts one for each corpus
 * @param heads classes by head, over all corpora
 * @param byTime whether the latest documents test
 * @param splitReason why
 * @param questions what to check beside what findings ask
 */
public record Draft(
    String task,
    List<Part> parts,
    Map<String, Classes> heads,
    boolean byTime,
    String splitReason,
    List<String> questions) {

  /**
   * Holds one corpus.
   *
   * @param split that its name says; empty for documents to train on
   * @param languages of its texts
   */
  record Part(
      String corpus,
      Source source,
      InferredColumns columns,
      Optional<Split> split,
      LanguageMix languages) {

    /** Returns the language of nearly all of its texts. */
    Optional<String> language() {
      return languages.main();
    }
  }

  /** Infers everything from the records of one or more sources. */
  static Draft of(String task, List<Source> sources) {
    List<String> questions = new ArrayList<>();
    boolean alike =
        sources.stream().map(s -> new HashSet<>(s.table().columns())).distinct().count() == 1;
    Map<Source, Optional<Split>> splits = splits(sources, questions);
    Optional<InferredColumns> common =
        alike
            ? Optional.of(
                InferredColumns.of(
                    Table.merged(sources.stream().map(Source::table).toList()),
                    sources.get(0).path()))
            : Optional.empty();
    if (!alike) {
      questions.add("the files have different columns, so each has a mapping of its own");
    }
    List<Part> parts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Source source : sources) {
      InferredColumns columns =
          common.orElseGet(() -> InferredColumns.of(source.table(), source.path()));
      String wanted = sources.size() == 1 ? task : source.name();
      String name = wanted;
      for (int i = 2; !names.add(name); i++) {
        name = wanted + "-" + i;
      }
      parts.add(new Part(name, source, columns, splits.get(source), languages(source, columns)));
    }
    Map<String, Classes> heads = heads(parts);
    SplitRule rule = SplitRule.of(parts);
    return new Draft(task, parts, heads, rule.byTime(), rule.reason(), questions);
  }

  /** Takes the split from names where they tell a file for testing or validation. */
  private static Map<Source, Optional<Split>> splits(List<Source> sources, List<String> questions) {
    Map<Source, Optional<Split>> splits = new HashMap<>();
    boolean tells =
        sources.size() > 1
            && sources.stream()
                .map(Source::split)
                .anyMatch(split -> split.isPresent() && split.get() != Split.TRAIN);
    for (Source source : sources) {
      Optional<Split> split = tells ? source.split() : Optional.empty();
      // Documents of a corpus without a split are trained on, and some of them validate.
      splits.put(source, split.filter(found -> found != Split.TRAIN));
    }
    boolean testsOnly = splits.values().stream().allMatch(Optional::isPresent);
    if (testsOnly) {
      sources.forEach(source -> splits.put(source, Optional.empty()));
    }
    if (sources.size() > 1 && (!tells || testsOnly)) {
      questions.add(
          "the names of the files do not say which of them test: all of them are divided as split"
              + " says; 'split: test' on a corpus keeps it for testing");
    }
    return splits;
  }

  private static Map<String, Classes> heads(List<Part> parts) {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    Set<InferredColumns> seen = new LinkedHashSet<>();
    for (Part part : parts) {
      if (seen.add(part.columns())) {
        part.columns()
            .heads()
            .forEach(
                (name, head) ->
                    head.classes()
                        .counts()
                        .forEach(
                            (label, count) ->
                                counts
                                    .computeIfAbsent(name, key -> new LinkedHashMap<>())
                                    .merge(label, count, Long::sum)));
      }
    }
    Map<String, Classes> heads = new LinkedHashMap<>();
    counts.forEach((name, values) -> heads.put(name, Classes.of(values)));
    return heads;
  }

  private static LanguageMix languages(Source source, InferredColumns columns) {
    LanguageMix mix = new LanguageMix();
    Optional<String> title = columns.column(Role.TITLE);
    Optional<String> language = columns.column(Role.LANGUAGE);
    String text = columns.column(Role.TEXT).orElseThrow();
    for (Map<String, String> record : source.table().records()) {
      mix.add(
          language.map(record::get).orElse(null),
          DocumentText.of(title.map(record::get).orElse(null), record.get(text)));
    }
    return mix;
  }

  /** Returns the languages of all texts that are known, each with its fraction. */
  SortedMap<String, Double> languages() {
    double all = (double) parts.stream().mapToLong(part -> part.source().table().total()).sum();
    SortedMap<String, Double> shares = new TreeMap<>();
    for (Part part : parts) {
      double weight = (double) part.source().table().total() / Math.max(1, all);
      part.languages()
          .shares(0)
          .forEach((name, share) -> shares.merge(name, weight * share, Double::sum));
    }
    shares.values().removeIf(share -> share < RunLanguages.LEAST);
    return shares;
  }

  /** Returns everything to check, each question once. */
  List<String> doubts() {
    Set<String> doubts = new LinkedHashSet<>();
    for (Part part : parts) {
      doubts.addAll(part.columns().doubts());
    }
    if (heads.isEmpty()) {
      doubts.add(
          "no column looks like a label (few values that repeat); a model is trained on labels:"
              + " name their column under columns.labels and their classes under heads");
    }
    doubts.addAll(questions);
    for (Part part : parts) {
      part.source().doubts().forEach(remark -> doubts.add(part.source().path() + ": " + remark));
    }
    return List.copyOf(doubts);
  }
}
