package io.attune.pipeline.stage.ingest;

import static io.attune.schemas.Requirements.require;

import java.util.List;

/**
 * Configures what is ingested.
 *
 * @param corpora at least one, each named once
 * @param maxRejectedShare a corpus of which more than this fraction is rejected is not what its
 *     configuration says, and ends the stage; in (0, 1]
 * @param maxUnknownLabelShare a value that is no class ends the stage if it makes up a third of the
 *     rejects of its corpus and at least this fraction of the records; above 0; none does above 1
 * @param maxRejectsPerFile rejects of a file that are kept as rows by each task that reads it; all
 *     are counted
 * @param splitBytes about so many bytes of a large file of JSON Lines, CSV or TSV are read by one
 *     task
 * @param whenChanged what is done with a file that has changed since it was ingested
 */
public record IngestConfig(
    List<Corpus> corpora,
    double maxRejectedShare,
    double maxUnknownLabelShare,
    long maxRejectsPerFile,
    long splitBytes,
    WhenChanged whenChanged) {
  private static final double UNKNOWN_LABEL_SHARE = 0.05;
  private static final long REJECTS_PER_FILE = 10_000;
  private static final long SPLIT_BYTES = 128L << 20;

  /** Says what is done with a file that has changed since it was ingested. */
  public enum WhenChanged {
    /** It is ingested again, and its records replace those of the same id. */
    REPLACE,
    /** It is not ingested again; a warning says so. */
    KEEP,
    /** The night ends with exit code 3. */
    STOP
  }

  public IngestConfig {
    require(
        corpora != null && !corpora.isEmpty(),
        "corpora must list at least one corpus: where the files are and what their columns mean");
    corpora = List.copyOf(corpora);
    require(
        corpora.stream().map(Corpus::name).distinct().count() == corpora.size(),
        "corpora must be named once each, got %s",
        corpora.stream().map(Corpus::name).toList());
    corpora.forEach(
        corpus ->
            require(
                corpus.namesText(),
                "corpora.columns of '%s' must name the column that holds the text, as text or title",
                corpus.name()));
    require(
        maxRejectedShare > 0 && maxRejectedShare <= 1,
        "max-rejected-share must be in (0, 1], got %s",
        maxRejectedShare);
    require(
        maxUnknownLabelShare > 0,
        "max-unknown-label-share must be above 0, got %s",
        maxUnknownLabelShare);
    require(
        maxRejectsPerFile >= 1,
        "max-rejects-per-file must be at least 1, got %s",
        maxRejectsPerFile);
    require(splitBytes >= 1, "split-bytes must be at least 1, got %s", splitBytes);
    require(whenChanged != null, "when-changed must be replace, keep or stop");
  }

  /** Configures the limits that are the defaults. */
  public IngestConfig(List<Corpus> corpora, double maxRejectedShare) {
    this(
        corpora,
        maxRejectedShare,
        UNKNOWN_LABEL_SHARE,
        REJECTS_PER_FILE,
        SPLIT_BYTES,
        WhenChanged.REPLACE);
  }
}
