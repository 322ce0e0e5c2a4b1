package io.attune.neural.averaging.plan;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Holds a minibatch of one input that knows how many tokens its rows have: where these were pooled
 * before, the mask of the input counts vectors.
 */
public final class CountedMinibatch extends MultiDataSet {
  private static final long serialVersionUID = 1;

  private final long tokens;
  private final float[] weights;

  /**
   * Makes a minibatch.
   *
   * @param masks of the labels, one for each output; null where no label is missing
   * @param tokens of all rows, padding excluded
   */
  public CountedMinibatch(
      INDArray input, INDArray inputMask, INDArray[] labels, INDArray[] masks, long tokens) {
    this(input, inputMask, labels, masks, tokens, new float[0]);
  }

  /**
   * Makes a minibatch of rows that do not count alike.
   *
   * @param masks of the labels, one for each output, with the weights of the rows
   * @param weights of the rows; empty if each counts as one
   */
  public CountedMinibatch(
      INDArray input,
      INDArray inputMask,
      INDArray[] labels,
      INDArray[] masks,
      long tokens,
      float[] weights) {
    super(new INDArray[] {input}, labels, new INDArray[] {inputMask}, masks);
    this.tokens = tokens;
    this.weights = weights.clone();
  }

  /** Returns what a row counts as, beside a whole one. */
  public double weight(int row) {
    return weights.length == 0 ? 1 : weights[row];
  }

  /** Returns the number of tokens of all rows, padding excluded. */
  public long tokens() {
    return tokens;
  }
}
