package io.attune.pipeline.stage.evaluate;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.dataset.Slices;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Configures how models are evaluated.
 *
 * @param batchRows texts that a model answers at once
 * @param bootstrapRepetitions resamples behind each interval of macro-F1
 * @param seed of the resamples
 * @param examplesPerKind documents shown for each head as worst errors, least certain and typical
 * @param prior which shares of the classes the answers to the test split go by
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
    Prior prior,
    long freshRows) {
  private static final long FRESH_ROWS = 5_000;

  /** Chooses the shares of the classes that answers to the test split go by. */
  public enum Prior {
    /** Takes the answers as they are: with the shares of the train split. */
    TRAINING,
    /** Corrects the answers of every model for the shares that they show the test split to have. */
    ESTIMATED;

    /** Returns the name in configurations and files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Configures an evaluation with as many new documents as by default. */
  public EvaluateConfig(
      int batchRows,
      int bootstrapRepetitions,
      long seed,
      int examplesPerKind,
      SliceConfig slices,
      BaselineConfig baseline) {
    this(
        batchRows,
        bootstrapRepetitions,
        seed,
        examplesPerKind,
        slices,
        baseline,
        Prior.TRAINING,
        FRESH_ROWS);
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
   * @param columns of the corpora by whose values the split is sliced too
   */
  public record SliceConfig(int maxValues, int minRows, List<String> columns) {
    public SliceConfig {
      columns = columns == null ? List.of() : List.copyOf(columns);
      require(
          columns.stream().noneMatch(Slices.COLUMNS::contains),
          "columns are sliced by beside %s, which always are, got %s",
          Slices.COLUMNS,
          columns);
      require(
          columns.size() == Set.copyOf(columns).size(),
          "columns must name each column once, got %s",
          columns);
      require(
          maxValues >= 1 && maxValues <= 200, "max-values must be in 1..200, got %d", maxValues);
      require(minRows >= 1, "min-rows must be at least 1, got %d", minRows);
    }

    /** Slices by nothing but what every document has. */
    public SliceConfig(int maxValues, int minRows) {
      this(maxValues, minRows, List.of());
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
