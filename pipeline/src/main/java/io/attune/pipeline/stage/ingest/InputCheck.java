package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.PathColumns;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.Records;
import io.attune.pipeline.input.stream.TextEncoding;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.LabelSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Checks the first bytes and records of a file before any work, and says why they do not match its
 * corpus.
 */
final class InputCheck {
  private static final int HEAD_RECORDS = 100;

  /** Limits the search for a column that the first records leave out. */
  private static final int MORE_RECORDS = 100_000;

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
   * Describes the first records of a file.
   *
   * @param empty why there is nothing to read; null if there is
   * @param columns that the file has, those of its path included
   * @param encoding that it is read in; empty where its format says it
   */
  record Head(String empty, Set<String> columns, Optional<TextEncoding> encoding) {}

  /**
   * Checks the first records of a file that is read record by record.
   *
   * @throws Failure.BadInput if it is binary, has another delimiter, holds nothing that can be
   *     read, or has a header without a mapped column
   */
  static Head check(Corpus corpus, InputFile file, Configuration hadoop) {
    try {
      Format format = corpus.format().of(file.path());
      boolean isText = format != Format.AVRO && format != Format.XML;
      try (Records reader =
          isText
              ? Records.openChecked(corpus.layout(), file, hadoop)
              : FileRows.open(corpus, corpus.layout(), file.path(), hadoop)) {
        return check(corpus, file, reader);
      }
    } catch (IOException | RuntimeException e) {
      throw Unreadable.failure(file, e);
    }
  }

  private static Head check(Corpus corpus, InputFile file, Records reader) {
    List<String> header = reader.header();
    Set<String> columns = new LinkedHashSet<>(PathColumns.of(file.path()).keySet());
    columns.addAll(header);
    Set<String> mapped = corpus.columns().mapped();
    List<RawRecord> records = new ArrayList<>();
    while (records.size() < HEAD_RECORDS && reader.hasNext()) {
      RawRecord record = reader.next();
      records.add(record);
      addColumns(mapped, record, columns);
    }
    if (records.isEmpty()) {
      return new Head(
          "holds no record" + (header.isEmpty() ? "" : ", only a header"),
          columns,
          reader.encoding());
    }
    requireDelimiter(corpus, file, header);
    requireOneReadable(corpus, file, records);
    if (header.isEmpty()) {
      lookFurther(mapped, reader, columns);
    } else {
      requireColumns(corpus, file, columns);
    }
    return new Head(null, columns, reader.encoding());
  }

  /** Adds the columns of a record, and mapped paths into them that lead to a value. */
  private static void addColumns(Set<String> mapped, RawRecord record, Set<String> columns) {
    columns.addAll(record.fields().keySet());
    mapped.stream().filter(record.fields()::containsKey).forEach(columns::add);
  }

  /** Looks for mapped columns in later records: a record may leave out what has no value. */
  private static void lookFurther(Set<String> mapped, Records reader, Set<String> columns) {
    Set<String> missing = new LinkedHashSet<>(mapped);
    missing.removeAll(columns);
    for (int i = 0; i < MORE_RECORDS && !missing.isEmpty() && reader.hasNext(); i++) {
      addColumns(mapped, reader.next(), columns);
      missing.removeAll(columns);
    }
  }

  /** Fails if a column that the corpus maps is not among those that its files have. */
  static void requireColumns(Corpus corpus, InputFile file, Set<String> columns) {
    if (corpus.format() == Format.TEXT_FOLDERS) {
      return;
    }
    List<String> missing =
        corpus.columns().mapped().stream().filter(column -> !columns.contains(column)).toList();
    if (!missing.isEmpty()) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' has no column %s; it has %s; correct corpora.columns",
          file.path(),
          corpus.name(),
          Figures.firstQuoted(missing),
          Figures.firstQuoted(new TreeSet<>(columns)));
    }
  }

  private static void requireOneReadable(Corpus corpus, InputFile file, List<RawRecord> records) {
    if (records.stream().allMatch(record -> record.fault() != null)) {
      throw new Failure.BadInput(
          "'%s' of corpus '%s' is not %s: %s in line %d and in all of the first %d records",
          file.path(),
          corpus.name(),
          corpus.format().of(file.path()),
          records.get(0).fault(),
          records.get(0).line(),
          records.size());
    }
  }

  private static void requireDelimiter(Corpus corpus, InputFile file, List<String> header) {
    if (header.size() != 1 || corpus.columns().mapped().size() < 2) {
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

  private static String visible(String delimiter) {
    return delimiter.equals("\t") ? "\\t" : delimiter;
  }
}
