package io.attune.pipeline.model;

import java.util.List;

/**
 * What a network attended to in a batch. Weights are 0 at padding and sum to 1 over the real tokens
 * of a row; rows without a real token have none.
 */
public final class Attention {
  private final float[][] pooling;
  private final List<float[][][][]> blocks;

  Attention(float[][] pooling, List<float[][][][]> blocks) {
    this.pooling = pooling;
    this.blocks = List.copyOf(blocks);
  }

  /** Weight of each token in the pooled vector, {@code [batch][time]}. */
  public float[][] pooling() {
    return pooling;
  }

  /**
   * One for each block, {@code [batch][head][query][key]}: the weight that the vector at position
   * {@code query} gave to position {@code key}.
   */
  public List<float[][][][]> blocks() {
    return blocks;
  }

  /**
   * Entropy of the pooling weights of each row in nats: 0 if one token has all the weight, ln n if
   * n tokens have the same; 0 for a row without a real token.
   */
  public double[] poolingEntropy() {
    double[] entropies = new double[pooling.length];
    for (int row = 0; row < entropies.length; row++) {
      entropies[row] = entropy(pooling[row]);
    }
    return entropies;
  }

  /**
   * Entropy of one block's attention by head, in nats: the mean over all real queries of the batch.
   *
   * @param block counted from 0
   */
  public double[] headEntropy(int block) {
    float[][][][] weights = blocks.get(block);
    double[] sums = new double[weights.length == 0 ? 0 : weights[0].length];
    long[] queries = new long[sums.length];
    for (float[][][] row : weights) {
      for (int head = 0; head < row.length; head++) {
        for (float[] keys : row[head]) {
          if (hasWeight(keys)) {
            sums[head] += entropy(keys);
            queries[head]++;
          }
        }
      }
    }
    for (int head = 0; head < sums.length; head++) {
      sums[head] /= Math.max(1, queries[head]);
    }
    return sums;
  }

  private static boolean hasWeight(float[] weights) {
    for (float weight : weights) {
      if (weight > 0) {
        return true;
      }
    }
    return false;
  }

  private static double entropy(float[] weights) {
    double sum = 0;
    for (float weight : weights) {
      if (weight > 0) {
        sum -= weight * Math.log(weight);
      }
    }
    return sum;
  }
}
