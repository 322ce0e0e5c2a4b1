package io.attune.neural.encoder;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds rows of token ids as a network's input.
 *
 * @param tokens {@code [batch, time]}, 0 at padding
 * @param mask {@code [batch, time]}, 1 for tokens and 0 for padding
 */
public record TokenInput(INDArray tokens, INDArray mask) {

  /**
   * Pads rows to the longest of them.
   *
   * @param rows at least one, each with at least one token
   */
  public static TokenInput of(List<int[]> rows) {
    int time = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    float[] tokens = new float[rows.size() * time];
    float[] mask = new float[tokens.length];
    for (int row = 0; row < rows.size(); row++) {
      int[] ids = rows.get(row);
      for (int column = 0; column < ids.length; column++) {
        tokens[row * time + column] = ids[column];
        mask[row * time + column] = 1;
      }
    }
    int[] shape = {rows.size(), time};
    return new TokenInput(Nd4j.create(tokens, shape), Nd4j.create(mask, shape));
  }
}
