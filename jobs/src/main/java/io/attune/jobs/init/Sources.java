package io.attune.jobs.init;

import io.attune.pipeline.figure.Figures;
import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.Sample;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Reads what a configuration is written for. */
final class Sources {
  private static final int FILES = 20;

  /** Files whose names do not tell what they are that are looked into. */
  private static final int LOOKED_INTO = 3;

  private static final int LEAST_RECORDS = 5;

  /** Stand in remarks that leave another guess open. */
  private static final List<String> DOUBTS =
      List.of("next-best", "no header", "no delimiter fits", "nearly as good");

  private Sources() {}

  /** Reads a file or folder; of a folder with one for each split they are several. */
  static List<Source> read(String path, Samples samples) {
    Optional<Folder> folder = Folder.at(path, samples.hadoop());
    return folder.isEmpty()
        ? List.of(file(path, samples.of(path)))
        : folder.get().parts().stream().map(part -> folder(part, samples)).toList();
  }

  private static Source file(String path, Sample sample) {
    Map<String, String> layout = layout(sample.layout());
    if (sample.record() != null) {
      layout.put("record", sample.record());
    }
    return new Source(
        path, layout, false, List.of(), Table.of(sample), notes(sample), doubts(sample));
  }

  /** Samples some files of a folder, spread over all, or takes each file as a text. */
  private static Source folder(Folder folder, Samples samples) {
    List<Path> tables = folder.tables();
    List<Path> others = folder.others();
    if (tables.isEmpty() && areTables(others, samples)) {
      tables = others;
      others = List.of();
    } else if (folder.isOfTexts()) {
      return folder.texts();
    }
    int wanted = Math.min(FILES, tables.size());
    List<Source> sources = new ArrayList<>();
    List<Path> empty = new ArrayList<>();
    boolean isNamed = true;
    for (int i = 0; i < wanted; i++) {
      Path file = tables.get((int) ((long) i * tables.size() / wanted));
      Sample sample = samples.find(file.toString());
      if (sample.read() == 0 && (i + 1 < wanted || !sources.isEmpty())) {
        empty.add(file);
      } else {
        sample.requireRecords(file.toString());
        sources.add(withPath(file(file.toString(), sample), folder.inner(), file));
        isNamed &= Format.AUTO.known(file.getName()).equals(Optional.of(sample.layout().format()));
      }
    }
    List<String> notes = new ArrayList<>(folder.passedOver());
    List<String> doubts = new ArrayList<>();
    sources.forEach(source -> notes.addAll(source.notes()));
    sources.forEach(source -> doubts.addAll(source.doubts()));
    if (!empty.isEmpty()) {
      notes.add("passed over: files without a record: " + names(empty));
    }
    if (wanted < tables.size()) {
      notes.add("%d of %,d files were sampled".formatted(wanted, tables.size()));
    }
    if (sources.stream().map(Source::layout).distinct().count() > 1) {
      doubts.add(
          "the files differ in how their records lie; the first is %s: list each as a corpus"
              .formatted(sources.get(0).layout()));
    }
    Map<String, String> layout = new LinkedHashMap<>(sources.get(0).layout());
    if (!others.isEmpty() && isNamed) {
      layout.put("format", "auto");
      notes.add("passed over: files that are not data by their names: " + names(others));
    } else if (!others.isEmpty()) {
      doubts.add(
          "other files lie beside the data, and would be read like it: %s"
              .formatted(names(others)));
    }
    Table table = Table.merged(sources.stream().map(Source::table).toList());
    return new Source(
        folder.path(),
        layout,
        false,
        List.of(),
        table,
        notes.stream().distinct().toList(),
        doubts.stream().distinct().toList());
  }

  private static String names(List<Path> files) {
    return Figures.firstQuoted(files.stream().map(Path::getName).toList());
  }

  /** Returns whether files whose names do not tell, such as part-00000, hold tables all alike. */
  private static boolean areTables(List<Path> files, Samples samples) {
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < Math.min(LOOKED_INTO, files.size()); i++) {
      Path file = files.get((int) ((long) i * files.size() / LOOKED_INTO));
      try {
        Sample sample = samples.of(file.toString());
        boolean isText =
            sample.layout().format() == Format.CSV
                && (sample.columns().size() < 2
                    || sample.read() < LEAST_RECORDS
                    || sample.remarks().stream().anyMatch(Sources::isDoubt));
        if (isText || sample.faulty() * LEAST_RECORDS > sample.read()) {
          return false;
        }
        columns.add(sample.layout().format() == Format.CSV ? sample.columns() : List.of());
      } catch (Failure.BadInput e) {
        return false;
      }
    }
    return columns.stream().distinct().count() == 1;
  }

  /** Adds the columns that folders spell, as in {@code day=2026-01-05/}. */
  private static Source withPath(Source source, Path root, Path file) {
    Map<String, String> spelt = new LinkedHashMap<>();
    for (Path at = file.getParent(); at != null && !at.equals(root); at = at.getParent()) {
      int sign = at.getName().indexOf('=');
      if (sign > 0) {
        spelt.put(at.getName().substring(0, sign), at.getName().substring(sign + 1));
      }
    }
    return spelt.isEmpty() ? source : source.with(source.table().with(spelt));
  }

  /** Returns the keys of a corpus that say what its format alone does not. */
  private static Map<String, String> layout(FileLayout layout) {
    Map<String, String> keys = new LinkedHashMap<>();
    Format format = layout.format();
    keys.put("format", format.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (format == Format.CSV || format == Format.TSV) {
      FileLayout usual = FileLayout.of(format);
      if (layout.delimiterOf(format) != usual.delimiterOf(format)) {
        keys.put("delimiter", layout.delimiter());
      }
      if (layout.hasQuotes(format) != usual.hasQuotes(format)
          || layout.quoteCharacter() != usual.quoteCharacter()) {
        keys.put("quote", layout.quote());
      }
      if (layout.escape() != null) {
        keys.put("escape", layout.escape());
      }
      if (!layout.header()) {
        keys.put("header", "false");
      }
      if (layout.skipLines() > 0) {
        keys.put("skip-lines", Integer.toString(layout.skipLines()));
      }
    }
    String encoding = layout.encoding();
    if (!encoding.equals(FileLayout.AUTO) && !encoding.equalsIgnoreCase("UTF-8")) {
      keys.put("encoding", encoding);
    }
    return keys;
  }

  /** Returns what was told by evidence. */
  private static List<String> notes(Sample sample) {
    return sample.remarks().stream().filter(remark -> !isDoubt(remark)).toList();
  }

  private static List<String> doubts(Sample sample) {
    List<String> doubts =
        new ArrayList<>(sample.remarks().stream().filter(Sources::isDoubt).toList());
    if (sample.faulty() > 0) {
      RawRecord first = sample.faults().get(0);
      doubts.add(
          "%,d of %,d records cannot be read and would be rejected, the first in line %d: %s"
              .formatted(sample.faulty(), sample.read(), first.line(), first.fault()));
    }
    return doubts;
  }

  /** Returns whether a remark leaves another guess open. */
  private static boolean isDoubt(String remark) {
    return DOUBTS.stream().anyMatch(remark::contains);
  }
}
