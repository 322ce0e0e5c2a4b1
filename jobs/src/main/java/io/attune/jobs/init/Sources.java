package io.attune.jobs.init;

import io.attune.pipeline.input.FileLayout;
import io.attune.pipeline.input.Format;
import io.attune.pipeline.input.RawRecord;
import io.attune.pipeline.input.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Reads what a configuration is written for. */
final class Sources {
  private static final int SAMPLE = 2000;

  private Sources() {}

  /** Reads a file or folder. */
  static Source read(String path, Configuration hadoop) {
    Sample sample = Sample.of(path, hadoop, SAMPLE);
    return new Source(path, layout(sample.layout()), false, Table.of(sample), remarks(sample));
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

  private static List<String> remarks(Sample sample) {
    List<String> remarks = new ArrayList<>(sample.remarks());
    if (sample.faulty() > 0) {
      RawRecord first = sample.faults().get(0);
      remarks.add(
          "%,d of %,d records cannot be read and would be rejected, the first in line %d: %s"
              .formatted(sample.faulty(), sample.read(), first.line(), first.fault()));
    }
    return remarks;
  }
}
