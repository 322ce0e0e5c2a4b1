package io.attune.pipeline.stage.ingest;

import io.attune.pipeline.stage.ingest.Outcome.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Counts what one task reads of one file, and lets only so many of its rejects through: a file that
 * is all wrong fills no disk.
 */
final class Tallies {
  private static final String UNKNOWN_LABEL = "unknown-label";

  /** Limits how many unknown labels of a file are counted one by one. */
  private static final int VALUES = 100;

  private final String corpus;
  private final String file;
  private final long maxRejects;
  private final Map<String, Reason> reasons = new LinkedHashMap<>();
  private long records;
  private long documents;
  private long kept;

  private static final class Reason {
    final String reason;
    final String detail;
    final long line;
    long count;

    Reason(String reason, String detail, long line) {
      this.reason = reason;
      this.detail = detail;
      this.line = line;
    }
  }

  Tallies(String corpus, String file, long maxRejects) {
    this.corpus = corpus;
    this.file = file;
    this.maxRejects = maxRejects;
  }

  /** Counts a record that the reader returned, before it is mapped. */
  void read() {
    records++;
  }

  /**
   * Counts what a record became.
   *
   * @return whether the row is to be written
   */
  boolean add(Row row, long line) {
    String reason = Outcome.reasonOf(row);
    if (reason == null) {
      documents++;
      return true;
    }
    String detail = Outcome.detailOf(row);
    boolean single = reason.equals(UNKNOWN_LABEL) && reasons.size() < VALUES;
    String key = single ? reason + detail : reason;
    Reason same = reasons.get(reason + detail);
    (same != null ? same : reasons.computeIfAbsent(key, any -> new Reason(reason, detail, line)))
        .count++;
    if (kept == maxRejects) {
      return false;
    }
    kept++;
    return true;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(new Tally(corpus, file, records, null, null, 0, documents, kept).toRow());
    for (Reason reason : reasons.values()) {
      rows.add(
          new Tally(corpus, file, reason.count, reason.reason, reason.detail, reason.line, 0, 0)
              .toRow());
    }
    return rows;
  }
}
