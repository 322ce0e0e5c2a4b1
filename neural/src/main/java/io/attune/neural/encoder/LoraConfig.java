package io.attune.neural.encoder;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderLayout.Slot;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Configures low-rank adaptation (Hu et al. 2021, 4.1): a chosen matrix W {@code [in, out]} stays
 * as it is, and the product of two factors is added to it, W + (alpha / rank) down up, with down
 * {@code [in, rank]} and up {@code [rank, out]}; only the factors are trained.
 *
 * @param rank columns of the first factor
 * @param alpha divided by the rank, weighs the product
 * @param matrices of every block that are adapted
 */
public record LoraConfig(int rank, double alpha, List<Matrix> matrices) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Holds rank 8 on queries and values, as the authors took for RoBERTa, and alpha / rank = 2. */
  public static final LoraConfig DEFAULT =
      new LoraConfig(8, 16, List.of(Matrix.QUERY, Matrix.VALUE));

  /** Selects a matrix of a block. */
  public enum Matrix {
    QUERY,
    KEY,
    VALUE,
    /** Selects the matrix that mixes the heads of attention. */
    OUTPUT,
    FEED_FORWARD_IN,
    FEED_FORWARD_OUT
  }

  public LoraConfig {
    require(rank >= 1 && rank <= 1024, "rank must be in [1, 1024], got %d", rank);
    require(alpha > 0 && alpha <= 10_000, "alpha must be in (0, 10000], got %s", alpha);
    require(
        matrices != null && !matrices.isEmpty() && matrices.stream().noneMatch(Objects::isNull),
        "matrices must name at least one of query, key, value, output, feed-forward-in,"
            + " feed-forward-out; to train none, set model.tune: frozen");
    require(
        new HashSet<>(matrices).size() == matrices.size(),
        "matrices must name each matrix once, got %s",
        matrices);
    matrices = List.copyOf(matrices);
  }

  /** Returns the weight of the product of the factors. */
  public double scale() {
    return alpha / rank;
  }

  /**
   * Describes one adapted matrix.
   *
   * @param name of the matrix
   * @param weight parameter that it is a part of
   * @param from its first column in the parameter
   */
  public record Adapted(String name, Slot weight, int from, int columns) {
    /** Returns the name of the factor that makes few values of many. */
    public String down() {
      return name + ".down";
    }

    /** Returns the name of the factor that makes many values of few. */
    public String up() {
      return name + ".up";
    }

    /** Returns the column after the last. */
    public int to() {
      return from + columns;
    }
  }

  /**
   * Returns the adapted matrices of an encoder in the order of its parameters.
   *
   * @throws IllegalArgumentException if it lacks them, or the rank is above one of their sizes
   */
  public List<Adapted> of(EncoderLayout layout) {
    EncoderShape shape = layout.shape();
    require(shape.blocks() > 0, "low-rank adaptation needs at least one block");
    List<Adapted> adapted = new ArrayList<>();
    for (int block = 0; block < shape.blocks(); block++) {
      for (Matrix matrix : Matrix.values()) {
        if (matrices.contains(matrix)) {
          adapted.add(adapted(layout, block, matrix));
        }
      }
    }
    for (Adapted one : adapted) {
      int smaller = Math.min(one.weight().rows(), one.columns());
      require(
          rank <= smaller,
          "the rank of low-rank adaptation must be at most %d, the smaller size of %s, got %d",
          smaller,
          one.name(),
          rank);
    }
    return adapted;
  }

  private static Adapted adapted(EncoderLayout layout, int block, Matrix matrix) {
    String attention = EncoderLayout.attention(block);
    String feedForward = EncoderLayout.feedForward(block);
    int width = layout.shape().width();
    return switch (matrix) {
      case QUERY -> part(layout, attention + ".in", attention + ".query", 0, width);
      case KEY -> part(layout, attention + ".in", attention + ".key", width, width);
      case VALUE -> part(layout, attention + ".in", attention + ".value", 2 * width, width);
      case OUTPUT -> part(layout, attention + ".out", attention + ".output", 0, width);
      case FEED_FORWARD_IN ->
          part(
              requireFeedForward(layout),
              feedForward + ".in",
              feedForward + ".in",
              0,
              layout.shape().feedForward());
      case FEED_FORWARD_OUT ->
          part(requireFeedForward(layout), feedForward + ".out", feedForward + ".out", 0, width);
    };
  }

  private static Adapted part(
      EncoderLayout layout, String parameter, String name, int from, int columns) {
    return new Adapted(name, layout.slot(parameter + ".weight"), from, columns);
  }

  private static EncoderLayout requireFeedForward(EncoderLayout layout) {
    require(
        layout.shape().hasFeedForward(),
        "low-rank adaptation of feed-forward layers needs some, and the encoder has none");
    return layout;
  }
}
