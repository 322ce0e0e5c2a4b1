package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.input.PathColumns;
import io.attune.pipeline.input.name.FileNames;
import io.attune.pipeline.input.stream.TextEncoding;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Looks at every file before any work: which hold nothing and are passed over, and whether the
 * others can be what their corpus says.
 */
final class Probe {
  private static final String FOLDER = "folder";

  private final Map<InputFile, String> passedOver = new LinkedHashMap<>();
  private final Map<InputFile, Footer> footers = new LinkedHashMap<>();
  private final Map<String, Set<String>> columns = new LinkedHashMap<>();
  private final Map<String, InputFile> firstWithoutHeader = new LinkedHashMap<>();
  private final Map<InputFile, TextEncoding> encodings = new LinkedHashMap<>();
  private final List<InputFile> read = new ArrayList<>();

  private Probe() {}

  /** Looks at the files of one run. */
  static Probe of(
      Map<String, Corpus> corpora,
      List<InputFile> files,
      ColumnarRows columnar,
      Configuration hadoop) {
    Probe probe = new Probe();
    Set<String> withData = new HashSet<>();
    files.stream()
        .filter(file -> isData(corpora.get(file.corpus()), file))
        .forEach(file -> withData.add(file.corpus()));
    Set<String> nested = new HashSet<>();
    files.stream()
        .filter(file -> !isBeside(corpora.get(file.corpus()), file))
        .forEach(file -> nested.add(file.corpus()));
    Set<String> folders = new HashSet<>();
    for (InputFile file : files) {
      Corpus corpus = corpora.get(file.corpus());
      if (!isData(corpus, file) && withData.contains(corpus.name())) {
        probe.passedOver.put(file, "is not data by its name");
      } else if (file.bytes() == 0) {
        probe.passedOver.put(file, "is empty");
      } else if (isBeside(corpus, file) && nested.contains(corpus.name())) {
        probe.passedOver.put(file, "lies beside the folders that are its labels");
      } else if (corpus.format() == Format.TEXT_FOLDERS) {
        if (folders.add(corpus.name())) {
          InputCheck.check(corpus, file, hadoop);
        }
        probe.read.add(file);
      } else if (corpus.format().of(file.path()).isColumnar()) {
        probe.lookAtFooter(corpus, file, columnar);
      } else {
        probe.lookAtHead(corpus, file, hadoop);
      }
    }
    probe.requireColumns(corpora);
    return probe;
  }

  /**
   * Returns whether a text whose folder would be its label is in the folder of the corpus itself.
   */
  private static boolean isBeside(Corpus corpus, InputFile file) {
    String folder = corpus.layout().folder();
    boolean isLabel = corpus.columns().labels().containsValue(FOLDER);
    if (corpus.format() != Format.TEXT_FOLDERS || !isLabel || folder.isEmpty()) {
      return false;
    }
    return new Path(folder)
        .toUri()
        .getPath()
        .equals(new Path(file.path()).getParent().toUri().getPath());
  }

  /** Returns whether a file is data by its name. */
  static boolean isData(Corpus corpus, InputFile file) {
    if (corpus.format() == Format.TEXT_FOLDERS) {
      return true;
    }
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    return corpus.format() == Format.AUTO
        ? Format.AUTO.known(file.path()).isPresent()
        : Format.AUTO.known(file.path()).isPresent() || !FileNames.isAbout(name);
  }

  private void lookAtFooter(Corpus corpus, InputFile file, ColumnarRows columnar) {
    Footer footer = columnar.footer(corpus.format().of(file.path()), file);
    if (footer.rows() == 0) {
      passedOver.put(file, "holds no row");
      return;
    }
    Set<String> names = new HashSet<>(PathColumns.of(file.path()).keySet());
    names.addAll(footer.columns().keySet());
    InputCheck.requireColumns(corpus, file, names);
    footers.put(file, footer);
    read.add(file);
  }

  private void lookAtHead(Corpus corpus, InputFile file, Configuration hadoop) {
    InputCheck.Head head = InputCheck.check(corpus, file, hadoop);
    if (head.empty() != null) {
      passedOver.put(file, head.empty());
      return;
    }
    columns.computeIfAbsent(corpus.name(), any -> new HashSet<>()).addAll(head.columns());
    firstWithoutHeader.putIfAbsent(corpus.name(), file);
    head.encoding()
        .filter(encoding -> !encoding.remark().isEmpty())
        .ifPresent(encoding -> encodings.put(file, encoding));
    read.add(file);
  }

  /** Checks the files of a corpus together: where each record names its fields, some lack them. */
  private void requireColumns(Map<String, Corpus> corpora) {
    firstWithoutHeader.forEach(
        (corpus, file) ->
            InputCheck.requireColumns(corpora.get(corpus), file, columns.get(corpus)));
  }

  /**
   * Fails if there is nothing to read and never was.
   *
   * @throws Failure.BadInput naming a file and why it was passed over
   */
  void requireAny() {
    passedOver.entrySet().stream()
        .findFirst()
        .filter(first -> read.isEmpty())
        .ifPresent(
            first -> {
              throw new Failure.BadInput(
                  "'%s' of corpus '%s' %s; of %,d file(s) none holds a record, and there is no document"
                      + " yet; remove it, or fix what writes it",
                  first.getKey().path(),
                  first.getKey().corpus(),
                  first.getValue(),
                  passedOver.size());
            });
  }

  /** Returns the files that hold something to read. */
  List<InputFile> read() {
    return List.copyOf(read);
  }

  /** Returns why each of the other files is passed over. */
  Map<InputFile, String> passedOver() {
    return passedOver;
  }

  /** Returns the encoding of each file that is not plain UTF-8, and how it was found. */
  Map<InputFile, TextEncoding> encodings() {
    return encodings;
  }

  Map<InputFile, Footer> footers() {
    return footers;
  }

  /** Returns one sentence for each reason to pass files over, and for each doubtful encoding. */
  List<String> warnings() {
    Map<String, List<InputFile>> byReason = new LinkedHashMap<>();
    passedOver.forEach(
        (file, why) -> byReason.computeIfAbsent(why, any -> new ArrayList<>()).add(file));
    List<String> warnings = new ArrayList<>();
    byReason.forEach(
        (why, files) ->
            warnings.add(
                "passed over %,d file(s), of which each %s: %s"
                    .formatted(files.size(), why, Inputs.names(files))));
    Map<String, List<InputFile>> byEncoding = new LinkedHashMap<>();
    for (InputFile file : read) {
      TextEncoding encoding = encodings.get(file);
      if (encoding != null && encoding.isDoubtful()) {
        byEncoding.computeIfAbsent(encoding.remark(), any -> new ArrayList<>()).add(file);
      }
    }
    byEncoding.forEach(
        (remark, files) ->
            warnings.add(
                "encoding of %,d file(s): %s; where that is right, corpora.encoding says so: %s"
                    .formatted(files.size(), remark, Inputs.names(files))));
    return warnings;
  }
}
