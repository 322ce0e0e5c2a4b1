package io.attune.pipeline.linear;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures the linear part: the group {@code linear} of a task's configuration.
 *
 * @param inverseRegularization as scikit-learn's {@code C}; larger trusts the training rows more
 * @param minDocuments in which an n-gram must occur to be used
 * @param maxFeatures the most frequent n-grams that are used
 * @param maxTrainRows beyond these it learns from a sample, drawn by the hash of the id
 */
public record LinearConfig(
    double inverseRegularization, int minDocuments, int maxFeatures, long maxTrainRows)
    implements Serializable {
  private static final long serialVersionUID = 1;

  public LinearConfig {
    require(
        inverseRegularization > 0 && inverseRegularization <= 1e6,
        "inverse-regularization must be in (0, 1000000], got %s",
        inverseRegularization);
    require(minDocuments >= 1, "min-documents must be at least 1, got %d", minDocuments);
    require(
        maxFeatures >= 1 && maxFeatures <= 1 << 24,
        "max-features must be in 1..16777216, got %d",
        maxFeatures);
    require(maxTrainRows >= 1, "max-train-rows must be at least 1, got %d", maxTrainRows);
  }
}
