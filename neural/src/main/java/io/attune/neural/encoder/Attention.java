package io.attune.neural.encoder;

import java.util.List;

/**
 * Holds the attention weights of a network for a batch. They are 0 at padding and sum to 1 over the
 * real tokens of a row; rows without a real token have none.
 */
public final class Attention {
  private final float[][] pooling;
  private final List<float[][][][]> blocks;

  public Attention(float[][] pooling, List<float[][][][]> blocks) {
    this.pooling = pooling;
    this.blocks = List.copyOf(blocks);
  }

  /** Returns the weight of each token in the pooled vector, {@code [batch][time]}. */
  public float[][] pooling() {
    return pooling;
  }

  /**
   * Returns one array for each block, {@code [batch][head][query][key]}: the weight that the vector
   * at position {@code query} gave to position {@code key}.
   */
  public List<float[][][][]> blocks() {
    return blocks;
  }

  /**
   * Returns the entropy of the pooling weights of each row in nats: 0 if one token has all the
   * weight, ln n if n tokens have the same; 0 for a row without a real token.
   */
  public double[] poolingEntropy() {
    double[] entropies = new double[pooling.length];
    for (int row = 0; row < entropies.length; row++) {
      entropies[row] = entropy(pooling[row]);
    }
    return entropies;
  }

  /**
   * Returns the entropy of one block's attention by head, in nats: the mean over all real queries
   * of the batch.
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

  /**
   * Compares the heads of one block: for each pair, 1 minus the Jensen-Shannon divergence of their
   * weights in bits (Lin 1991), as Clark et al. 2019, 6, compare heads; the mean over all real
   * queries of the batch. 1 for heads with equal weights, 0 for heads that never attend to the same
   * token.
   *
   * @param block counted from 0
   * @return {@code [heads][heads]}, symmetric, with 1 on the diagonal
   */
  public double[][] headSimilarity(int block) {
    float[][][][] weights = blocks.get(block);
    int heads = weights.length == 0 ? 0 : weights[0].length;
    double[][] result = new double[heads][heads];
    for (int one = 0; one < heads; one++) {
      result[one][one] = 1;
      for (int other = 0; other < one; other++) {
        result[one][other] = 1 - meanDivergence(weights, one, other);
        result[other][one] = result[one][other];
      }
    }
    return result;
  }

  private static double meanDivergence(float[][][][] weights, int one, int other) {
    double sum = 0;
    long queries = 0;
    for (float[][][] row : weights) {
      for (int query = 0; query < row[one].length; query++) {
        if (hasWeight(row[one][query])) {
          sum += divergence(row[one][query], row[other][query]);
          queries++;
        }
      }
    }
    return sum / Math.max(1, queries);
  }

  /**
   * Returns the Jensen-Shannon divergence in bits: the entropy of the mean minus the mean of
   * entropies.
   */
  private static double divergence(float[] one, float[] other) {
    float[] mean = new float[one.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (one[i] + other[i]) / 2;
    }
    double nats = entropy(mean) - (entropy(one) + entropy(other)) / 2;
    return Math.max(0, nats / Math.log(2));
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
