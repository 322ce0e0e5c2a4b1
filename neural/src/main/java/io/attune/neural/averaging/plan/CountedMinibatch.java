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

  /**
   * Makes a minibatch.
   *
   * @param masks of the labels, one for each output; null where no label is missing
   * @param tokens of all rows, padding excluded
   */
  public CountedMinibatch(
      INDArray input, INDArray inputMask, INDArray[] labels, INDArray[] masks, long tokens) {
    super(new INDArray[] {input}, labels, new INDArray[] {inputMask}, masks);
    this.tokens = tokens;
  }

  /** Returns the number of tokens of all rows, padding excluded. */
  public long tokens() {
    return tokens;
  }
}
