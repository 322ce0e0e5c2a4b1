package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.Compression;
import io.attune.schemas.failure.Failure;
import java.util.Optional;

/** Names the format of the files of a corpus. */
public enum Format {
  /** Decides by the file's extension, without that of a compressed file. */
  AUTO,
  /**
   * Starts with a header line, then has records that may be quoted and may span lines (RFC 4180).
   */
  CSV,
  /** Starts with a header line, then has one record a line, with tabs, without quotes. */
  TSV,
  /** Holds JSON objects: one a line, several a line, one over several lines, or an array. */
  JSONL,
  PARQUET,
  ORC,
  AVRO,
  /** Holds elements, of which those of one name are the records (RSS, NewsML). */
  XML,
  /** Holds one document a file, one class a folder: {@code pos/17.txt}. */
  TEXT_FOLDERS;

  /** Returns the format of one file, where this one is {@code AUTO}. */
  public Format of(String file) {
    return known(file)
        .orElseThrow(
            () ->
                new Failure.BadUsage(
                    "Cannot tell the format of '%s' by its name; set the corpus's format to csv,"
                        + " tsv, jsonl, parquet, orc, avro, xml or text-folders",
                    file));
  }

  /**
   * Returns the format of one file, where this one is {@code AUTO}; empty if its name does not say.
   */
  public Optional<Format> known(String file) {
    if (this != AUTO) {
      return Optional.of(this);
    }
    String name = Compression.plainName(file);
    if (name.endsWith(".csv")) {
      return Optional.of(CSV);
    } else if (name.endsWith(".tsv")) {
      return Optional.of(TSV);
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return Optional.of(JSONL);
    } else if (name.endsWith(".parquet")) {
      return Optional.of(PARQUET);
    } else if (name.endsWith(".orc")) {
      return Optional.of(ORC);
    } else if (name.endsWith(".avro")) {
      return Optional.of(AVRO);
    } else if (name.endsWith(".xml") || name.endsWith(".rss")) {
      return Optional.of(XML);
    }
    return Optional.empty();
  }

  /** Returns whether files hold columns, which are read by Spark rather than record by record. */
  public boolean isColumnar() {
    return this == PARQUET || this == ORC;
  }
}
