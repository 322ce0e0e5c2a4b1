package io.attune.pipeline.encoder;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.network.ModelConfig.Tune;
import java.util.Locale;

/**
 * Estimates the memory outside the heap that one task needs to train the last blocks of an encoder.
 *
 * @param blocks of the encoder
 * @param parameters of the whole encoder
 * @param ofBlock parameters of a block
 * @param copies of the parameters of trained blocks that a task holds
 * @param keptBytes that a trained block keeps of a token for its backward pass
 */
public record TuningMemory(
    int blocks, long parameters, double ofBlock, int copies, double keptBytes) {
  /**
   * Counts the copies of trained parameters: themselves, packed, their gradient, two moments, and
   * the state that a round starts from.
   */
  private static final int COPIES = 6;

  /** Counts them with low-rank adaptation: the sums, packed, their gradient, and the encoder's. */
  private static final int ADAPTED_COPIES = 4;

  /** Returns the memory for an encoder that is tuned in some way. */
  public static TuningMemory of(EncoderShape shape, Tune tune, double keptBytes) {
    EncoderLayout layout = EncoderLayout.of(shape);
    long ofBlocks =
        layout.slots().stream()
            .filter(slot -> EncoderLayout.block(slot.name()) >= 0)
            .mapToLong(EncoderLayout.Slot::length)
            .sum();
    return new TuningMemory(
        shape.blocks(),
        layout.length(),
        (double) ofBlocks / Math.max(1, shape.blocks()),
        tune == Tune.LORA ? ADAPTED_COPIES : COPIES,
        keptBytes);
  }

  /**
   * Returns the bytes of a task.
   *
   * @param trained blocks
   * @param tokens of its largest minibatch
   */
  public double bytes(int trained, long tokens) {
    return fixed(trained) + keptBytes * trained * tokens;
  }

  private double fixed(int trained) {
    return Float.BYTES * (copies * ofBlock * trained + parameters);
  }

  /** Returns the tokens of the largest minibatch that fits; 0 if none does. */
  public long tokens(int trained, double allowedBytes) {
    double left = allowedBytes - fixed(trained);
    return left <= 0 ? 0 : (long) Math.min(Integer.MAX_VALUE, left / (keptBytes * trained));
  }

  /** Returns the most blocks that can be trained; -1 if there is no room for the encoder itself. */
  public int blocks(long tokens, double allowedBytes) {
    int most = blocks;
    while (most >= 0 && bytes(most, tokens) > allowedBytes) {
      most--;
    }
    return most;
  }

  /**
   * Says what to lower so that a task fits.
   *
   * @param tokens of a minibatch as it is configured
   * @param longest tokens of a text, of which a minibatch has one at least
   */
  public String advice(int trained, long tokens, long longest, double allowedBytes) {
    StringBuilder advice = new StringBuilder();
    long fit = tokens(trained, allowedBytes);
    if (trained > 0 && fit >= longest) {
      advice.append("lower train.batch.tokens to %d, or ".formatted(fit));
    }
    int deepest = blocks(tokens, allowedBytes);
    if (deepest > 0) {
      advice.append("set model.tune: top and model.tune-layers: %d, or ".formatted(deepest));
    } else if (deepest == 0) {
      advice.append("set model.tune: frozen, or ");
    }
    return advice
        + "run fewer tasks in a JVM (spark.executor.cores), or allow more: on one machine -Xmx in"
        + " ATTUNE_JAVA_OPTS; on a cluster -Dorg.bytedeco.javacpp.maxbytes in"
        + " spark.executor.extraJavaOptions, and spark.executor.memoryOverhead above it";
  }

  /** Returns bytes for people, such as {@code 2.3 GiB}. */
  public static String gibibytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (1L << 30));
  }
}
