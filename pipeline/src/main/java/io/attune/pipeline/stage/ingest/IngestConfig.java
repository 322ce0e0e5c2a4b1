package io.attune.pipeline.stage.ingest;

import static io.attune.schemas.Requirements.require;

import java.util.List;

/**
 * Configures what is ingested.
 *
 * @param corpora at least one, each named once
 * @param maxRejectedShare a corpus of which more than this fraction is rejected is not what its
 *     configuration says, and ends the stage; in (0, 1]
 */
public record IngestConfig(List<Corpus> corpora, double maxRejectedShare) {
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
  }
}
