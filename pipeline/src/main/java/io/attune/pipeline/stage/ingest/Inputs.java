package io.attune.pipeline.stage.ingest;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import io.attune.pipeline.input.FileListing;
import io.attune.pipeline.input.InputFile;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;

/**
 * Holds the files of corpora that are to be ingested.
 *
 * @param files that are not as a run of the task last ingested them, sorted by path
 * @param warnings what an operator should look into
 * @param missing those of the warnings that are about corpora of which nothing is there any more
 */
public record Inputs(List<InputFile> files, List<String> warnings, List<String> missing) {
  /** Shows so many names in a warning. */
  private static final int NAMES = 3;

  public Inputs {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
    missing = List.copyOf(missing);
  }

  /**
   * Finds the files of all corpora. Nothing is due for the sake of empty files alone, once a run
   * has ingested any.
   *
   * @throws Failure.BadInput if a corpus has no file at all and never had one, or if a file has
   *     changed and {@code ingest.when-changed} is {@code stop}
   */
  public static Inputs pending(
      IngestConfig config, Storage storage, String task, Configuration hadoop) {
    return find(config, Intake.known(storage, task), false, hadoop);
  }

  /**
   * Finds the files of all corpora, also those that a run has ingested, for a run that reads all
   * again. A warning says how many are gone since they were ingested: their documents stay.
   *
   * @throws Failure.BadInput as {@link #pending} does
   */
  public static Inputs all(
      IngestConfig config, Storage storage, String task, Configuration hadoop) {
    Set<InputFile> known = Intake.known(storage, task);
    Inputs found = find(config, known, true, hadoop);
    Set<String> present = new HashSet<>();
    found.files().forEach(file -> present.add(key(file)));
    Map<String, InputFile> gone = new TreeMap<>();
    known.stream().filter(file -> !present.contains(key(file))).forEach(f -> gone.put(key(f), f));
    if (gone.isEmpty()) {
      return found;
    }
    List<String> warnings = new ArrayList<>(found.warnings());
    warnings.add(
        "%,d files that were ingested are not read again, and their documents stay as they were read: %s"
            .formatted(gone.size(), names(List.copyOf(gone.values()))));
    return new Inputs(found.files(), warnings, found.missing());
  }

  private static Inputs find(
      IngestConfig config, Set<InputFile> known, boolean again, Configuration hadoop) {
    Set<String> ingested = new HashSet<>();
    known.forEach(file -> ingested.add(key(file)));
    List<String> warnings = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<InputFile> pending = new ArrayList<>();
    for (Corpus corpus : config.corpora()) {
      boolean first = known.stream().noneMatch(file -> file.corpus().equals(corpus.name()));
      FileListing.Found found =
          first
              ? FileListing.find(corpus.name(), corpus.path(), hadoop)
              : FileListing.look(corpus.name(), corpus.path(), hadoop);
      if (found.files().isEmpty()) {
        missing.add(
            "nothing is at '%s' of corpus '%s' any more".formatted(corpus.path(), corpus.name()));
      } else {
        found.passedOver().forEach(note -> warnings.add("passed over: " + note));
      }
      found.files().stream().filter(file -> again || !known.contains(file)).forEach(pending::add);
    }
    warnings.addAll(missing);
    Set<String> changed = new HashSet<>();
    pending.stream()
        .filter(file -> !known.contains(file))
        .map(Inputs::key)
        .filter(ingested::contains)
        .forEach(changed::add);
    pending = chosen(config.whenChanged(), pending, changed, warnings);
    if (!known.isEmpty() && !again) {
      pending = withoutEmptyNights(config, pending, warnings);
    }
    pending.sort(Comparator.comparing(InputFile::path));
    return new Inputs(pending, warnings, missing);
  }

  private static List<InputFile> chosen(
      IngestConfig.WhenChanged rule,
      List<InputFile> pending,
      Set<String> changedKeys,
      List<String> warnings) {
    List<InputFile> changed =
        pending.stream().filter(file -> changedKeys.contains(key(file))).toList();
    if (changed.isEmpty() || rule == IngestConfig.WhenChanged.REPLACE) {
      return new ArrayList<>(pending);
    }
    String names = names(changed);
    if (rule == IngestConfig.WhenChanged.STOP) {
      throw new Failure.BadInput(
          "%,d files have changed since they were ingested: %s; restore them, or decide with"
              + " ingest.when-changed: replace (they are read again) or keep (they are not)",
          changed.size(), names);
    }
    warnings.add(
        "%,d files have changed since they were ingested and are not read again (ingest.when-changed: keep): %s"
            .formatted(changed.size(), names));
    List<InputFile> rest = new ArrayList<>(pending);
    rest.removeAll(new HashSet<>(changed));
    return rest;
  }

  /** Leaves out the files of each night that has nothing to read. */
  private static List<InputFile> withoutEmptyNights(
      IngestConfig config, List<InputFile> pending, List<String> warnings) {
    Map<String, Corpus> corpora = new HashMap<>();
    config.corpora().forEach(corpus -> corpora.put(corpus.name(), corpus));
    Map<String, Boolean> holdsData = new HashMap<>();
    pending.forEach(
        file ->
            holdsData.merge(
                Objects.toString(file.date()),
                file.bytes() > 0 && Probe.isData(corpora.get(file.corpus()), file),
                Boolean::logicalOr));
    List<InputFile> left = new ArrayList<>();
    List<InputFile> due = new ArrayList<>();
    pending.forEach(file -> (holdsData.get(Objects.toString(file.date())) ? due : left).add(file));
    if (!left.isEmpty()) {
      warnings.add(
          "no night is due for %,d file(s) that are empty or not data by their names: %s"
              .formatted(left.size(), names(left)));
    }
    return due;
  }

  /** Returns the first names, and how many there are besides. */
  static String names(List<InputFile> files) {
    String first =
        String.join(
            ", ", files.stream().limit(NAMES).map(file -> "'" + file.path() + "'").toList());
    return files.size() <= NAMES
        ? first
        : "%s and %,d others".formatted(first, files.size() - NAMES);
  }

  /** Returns the identity of a file, whatever its state. */
  static String key(InputFile file) {
    return key(file.corpus(), file.path());
  }

  /** Returns the identity of a file by its corpus and path: two corpora may have one file. */
  static String key(String corpus, String path) {
    return corpus + "\n" + path;
  }

  /** Returns the same of columns. */
  static Column key(Column corpus, Column path) {
    return concat(corpus, lit("\n"), path);
  }
}
