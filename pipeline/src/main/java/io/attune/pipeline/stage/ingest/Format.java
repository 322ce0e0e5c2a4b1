package io.attune.pipeline.stage.ingest;

import io.attune.schemas.failure.Failure;
import java.util.Locale;

/** Names the format of the files of a corpus. */
public enum Format {
  /** Decides by the file's extension, without {@code .gz}. */
  AUTO,
  /** Has a header line, then records that may be quoted and may span lines (RFC 4180). */
  CSV,
  /** Has a header line, then one record a line, separated by tabs, nothing quoted. */
  TSV,
  /** Has one JSON object a line. */
  JSONL,
  PARQUET,
  /** Has one document a file, one class a folder: {@code pos/17.txt}. */
  TEXT_FOLDERS;

  /** Returns the format of one file, where this one is {@code AUTO}. */
  Format of(String file) {
    if (this != AUTO) {
      return this;
    }
    String name = file.toLowerCase(Locale.ROOT);
    name = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
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
