package io.attune.pipeline.input;

import io.attune.pipeline.input.stream.Compression;
import io.attune.schemas.failure.Failure;

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
  /** Holds one document a file, one class a folder: {@code pos/17.txt}. */
  TEXT_FOLDERS;

  /** Returns the format of one file, where this one is {@code AUTO}. */
  public Format of(String file) {
    if (this != AUTO) {
      return this;
    }
    String name = Compression.plainName(file);
    if (name.endsWith(".csv")) {
      return CSV;
    } else if (name.endsWith(".tsv")) {
      return TSV;
    } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return JSONL;
    } else if (name.endsWith(".parquet")) {
      return PARQUET;
    }
    throw new Failure.BadUsage(
        "Cannot tell the format of '%s' by its name; set the corpus's format to csv, tsv, jsonl,"
            + " parquet or text-folders",
        file);
  }
}
