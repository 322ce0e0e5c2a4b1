package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.RecordReader;
import io.attune.pipeline.input.TextCheck;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Checks the first bytes and records of a file before any work, and says why they do not match its
 * corpus.
 */
final class InputCheck {
  private static final int HEAD_RECORDS = 100;
  private static final List<String> DELIMITERS = List.of(",", "\t", ";", "|");

  private InputCheck() {}

  /** Fails unless every head of the corpus's labels is one of the task. */
  static void requireHeads(Corpus corpus, LabelSets labels) {
    for (String head : corpus.columns().labels().keySet()) {
      if (labels.head(head).isEmpty()) {
        throw new Failure.BadUsage(
            "corpora.columns.labels of '%s' names head '%s', and heads has %s",
            corpus.name(), head, labels.heads().stream().map(LabelSets.Head::name).toList());
      }
    }
  }

  /**
   * Fails if a text file is empty, binary, has another delimiter, or lacks a mapped column.
   *
   * @throws Failure.BadInput saying which, and what there is instead
   */
  static void requireReadable(Corpus corpus, InputFile file, Configuration hadoop) {
    try {
      TextCheck.requireText(corpus.layout(), file, hadoop);
      try (RecordReader reader = RecordReader.open(corpus.layout(), file.path(), hadoop)) {
        List<String> header = reader.header();
        Set<String> columns = new LinkedHashSet<>(header);
        List<RawRecord> records = new ArrayList<>();
        while (records.size() < HEAD_RECORDS && reader.hasNext()) {
          RawRecord record = reader.next();
          records.add(record);
          columns.addAll(record.fields().keySet());
          mapped(corpus).stream().filter(record.fields()::containsKey).forEach(columns::add);
        }
        if (records.isEmpty()) {
          throw new Failure.BadInput(
              "'%s' of corpus '%s' holds no record%s; remove it, or fix what writes it",
              file.path(), corpus.name(), header.isEmpty() ? "" : ", only a header");
        }
        requireDelimiter(corpus, file, header);
        requireColumns(corpus, file, columns, records);
      }
    } catch (IOException e) {
      throw new Failure.BadInput(
          e, "Cannot read '%s' of corpus '%s': %s", file.path(), corpus.name(), e.getMessage());
    }
  }

  /** Fails if a column that the corpus maps is not among those that its files have. */
  static void requireColumns(Corpus corpus, InputFile file, Set<String> columns) {
    List<String> missing =
        mapped(corpus).stream().filter(column -> !columns.contains(column)).toList();
    if (!missing.isEmpty()) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' has no column %s; it has %s; correct corpora.columns",
          file.path(), corpus.name(), quoted(missing), quoted(new TreeSet<>(columns)));
    }
  }

  /** Checks the first records together: a JSON record may leave out fields that have no value. */
  private static void requireColumns(
      Corpus corpus, InputFile file, Set<String> columns, List<RawRecord> records) {
    boolean readable = records.stream().anyMatch(record -> record.fault() == null);
    if (!readable) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is not %s: %s in line %d and in all of the first %d records",
          file.path(),
          corpus.name(),
          corpus.format().of(file.path()),
          records.get(0).fault(),
          records.get(0).line(),
          records.size());
    }
    if (corpus.format() != Format.TEXT_FOLDERS) {
      requireColumns(corpus, file, columns);
    }
  }

  private static void requireDelimiter(Corpus corpus, InputFile file, List<String> header) {
    if (header.size() != 1 || mapped(corpus).size() < 2) {
      return;
    }
    for (String delimiter : DELIMITERS) {
      if (header.get(0).contains(delimiter)) {
        throw new Failure.BadInput(
            "'%s' of corpus '%s' is not separated by '%s': its header is one column, '%s'; set"
                + " corpora.delimiter to '%s'",
            file.path(),
            corpus.name(),
            visible(String.valueOf(corpus.layout().delimiterOf(corpus.format().of(file.path())))),
            header.get(0),
            visible(delimiter));
      }
    }
  }

  private static Set<String> mapped(Corpus corpus) {
    Corpus.Columns columns = corpus.columns();
    Set<String> mapped = new LinkedHashSet<>();
    mapped.add(columns.id());
    mapped.add(columns.title());
    mapped.add(columns.text());
    mapped.add(columns.publishedAt());
    mapped.add(columns.source());
    mapped.add(columns.language());
    mapped.addAll(columns.labels().values());
    mapped.addAll(columns.extra());
    mapped.remove(null);
    return mapped;
  }

  private static String visible(String delimiter) {
    return delimiter.equals("\t") ? "\\t" : delimiter;
  }

  private static String quoted(Iterable<String> names) {
    StringBuilder list = new StringBuilder();
    for (String name : names) {
      list.append(list.isEmpty() ? "'" : ", '").append(name).append('\'');
    }
    return list.toString();
  }
}
