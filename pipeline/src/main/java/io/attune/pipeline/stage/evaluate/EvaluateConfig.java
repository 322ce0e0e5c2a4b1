package io.attune.pipeline.stage.evaluate;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;

/**
 * Configures how models are evaluated.
 *
 * @param batchRows texts that a model answers at once
 * @param bootstrapRepetitions resamples behind each interval of macro-F1
 * @param seed of the resamples
 * @param examplesPerKind documents shown for each head as worst errors, least certain and typical
 * @param freshRows new labelled documents of a night, at most about, that the current model is
 *     asked about; 0 for none
 */
public record EvaluateConfig(
    int batchRows,
    int bootstrapRepetitions,
    long seed,
    int examplesPerKind,
    SliceConfig slices,
    BaselineConfig baseline,
    long freshRows) {
  private static final long FRESH_ROWS = 5_000;

  /** Configures an evaluation with as many new documents as by default. */
  public EvaluateConfig(
      int batchRows,
      int bootstrapRepetitions,
      long seed,
      int examplesPerKind,
      SliceConfig slices,
      BaselineConfig baseline) {
    this(batchRows, bootstrapRepetitions, seed, examplesPerKind, slices, baseline, FRESH_ROWS);
  }

  public EvaluateConfig {
    require(batchRows >= 1, "batch-rows must be at least 1, got %d", batchRows);
    require(
        bootstrapRepetitions >= 100,
        "bootstrap-repetitions must be at least 100, got %d",
        bootstrapRepetitions);
    require(
        examplesPerKind >= 0 && examplesPerKind <= 100,
        "examples-per-kind must be in 0..100, got %d",
        examplesPerKind);
    require(freshRows >= 0, "fresh-rows must be 0 or above, got %d", freshRows);
  }

  /**
   * Configures the slices of the test split that are evaluated separately.
   *
   * @param maxValues the most frequent values of each slice, such as sources; the rest is one
   * @param minRows a part with fewer rows says nothing and is left out
   */
  public record SliceConfig(int maxValues, int minRows) {
    public SliceConfig {
      require(
          maxValues >= 1 && maxValues <= 200, "max-values must be in 1..200, got %d", maxValues);
      require(minRows >= 1, "min-rows must be at least 1, got %d", minRows);
    }
  }

  /**
   * Configures the linear model that every other is compared with: TF-IDF of single words and
   * pairs, and logistic regression.
   *
   * @param buckets that n-grams are hashed into
   * @param minDocuments in which an n-gram must occur to be used
   * @param maxFeatures the most frequent n-grams that are used
   * @param inverseRegularization as scikit-learn's {@code C}; larger trusts the training rows more
   * @param maxIterations of the optimiser
   * @param maxTrainRows beyond these it learns from a sample, drawn by the hash of the id
   */
  public record BaselineConfig(
      int buckets,
      int minDocuments,
      int maxFeatures,
      double inverseRegularization,
      int maxIterations,
      long maxTrainRows)
      implements Serializable {
    public BaselineConfig {
      require(
          buckets >= 16 && buckets <= 1 << 24, "buckets must be in 16..16777216, got %d", buckets);
      require(minDocuments >= 1, "min-documents must be at least 1, got %d", minDocuments);
      require(maxFeatures >= 1, "max-features must be at least 1, got %d", maxFeatures);
      require(
          inverseRegularization > 0,
          "inverse-regularization must be above 0, got %s",
          inverseRegularization);
      require(maxIterations >= 1, "max-iterations must be at least 1, got %d", maxIterations);
      require(maxTrainRows >= 1, "max-train-rows must be at least 1, got %d", maxTrainRows);
    }
  }
}
