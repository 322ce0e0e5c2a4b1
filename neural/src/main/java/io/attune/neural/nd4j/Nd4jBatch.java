package io.attune.neural.nd4j;

import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.TokenBatch;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maps a batch to arrays: packed tokens, {@code [tokens, columns]}, and for operations by row a
 * rectangle of cells, {@code [rows * time, columns]}, each row's real tokens first.
 *
 * <p>Both are rounded up to few different sizes, because ND4J keeps a description of every shape
 * that it has ever seen: idle tokens follow the real ones, with the id 0 and gradients of 0.
 */
final class Nd4jBatch {
  private final GrowingArray masks;
  private final GrowingArray factors;
  private final Nd4jGroups groups;
  private float[] values = new float[0];

  private TokenBatch tokens;
  private int count;
  private int time;
  private int[] ids;
  private int[] columns;
  private int[] rowOfToken;
  private int[] cellOfToken;
  private int[] tokenOfCell;
  private int[] outerCellOfToken;
  private int[] tokenOfOuterCell;
  private INDArray mask;

  Nd4jBatch(Nd4jContext context) {
    masks = context.memory();
    factors = context.memory();
    groups = new Nd4jGroups(context.memory(), context.shape.heads());
  }

  /** Sets the batch. */
  void take(TokenBatch batch) {
    tokens = batch;
    count = rounded(batch.count(), 32);
    time = rounded(batch.longest(), 8);
    ids = Arrays.copyOf(Arrays.copyOf(batch.ids(), batch.count()), count);
    columns = Arrays.copyOf(Arrays.copyOf(batch.columns(), batch.count()), count);
    rowOfToken = new int[count];
    cellOfToken = filled(count, cells()); // where packing finds zeros
    tokenOfCell = filled(cells(), count);
    outerCellOfToken = filled(count, outerCells());
    tokenOfOuterCell = filled(outerCells(), count);
    for (int row = 0; row < batch.rows(); row++) {
      for (int token = batch.start(row); token < batch.start(row + 1); token++) {
        rowOfToken[token] = row;
        cellOfToken[token] = row * time + token - batch.start(row);
        tokenOfCell[cellOfToken[token]] = token;
        outerCellOfToken[token] = row * batch.time() + batch.columns()[token];
        tokenOfOuterCell[outerCellOfToken[token]] = token;
      }
    }
    mask = mask();
    groups.take(batch, count);
  }

  /** Rounds n up to a size of which there are {@code parts} between a power of two and the next. */
  static int rounded(int n, int parts) {
    int step = Math.max(8, Integer.highestOneBit(n) / parts);
    int least = Math.max(n, 1);
    return (least + step - 1) / step * step;
  }

  private static int[] filled(int length, int value) {
    int[] result = new int[length];
    Arrays.fill(result, value);
    return result;
  }

  private INDArray mask() {
    float[] marks = values(cells());
    for (int cell = 0; cell < cells(); cell++) {
      marks[cell] = tokenOfCell[cell] < count ? 1 : 0;
    }
    INDArray result = masks.array(rows(), time);
    Nd4jMath.copy(marks, result);
    return result;
  }

  private float[] values(int length) {
    if (values.length < length) {
      values = new float[length];
    }
    return values;
  }

  TokenBatch tokens() {
    return tokens;
  }

  /** Returns the same tokens in groups for attention. */
  Nd4jGroups groups() {
    return groups;
  }

  int rows() {
    return tokens.rows();
  }

  /** Returns the number of tokens, idle ones included. */
  int count() {
    return count;
  }

  /** Returns the number of cells of a row. */
  int time() {
    return time;
  }

  int cells() {
    return rows() * time;
  }

  /** Returns the number of cells of the caller's arrays, whose rows may have padding anywhere. */
  int outerCells() {
    return rows() * tokens.time();
  }

  /** Returns the ids, {@code [tokens]}. */
  int[] ids() {
    return ids;
  }

  /** Returns the position of each token, {@code [tokens]}. */
  int[] columns() {
    return columns;
  }

  /** Returns the mask of the cells, {@code [rows, time]}, 1 for real tokens. */
  INDArray cellMask() {
    return mask;
  }

  /**
   * Copies tokens to their cells, with 0 at padding.
   *
   * @param packed memory of {@code [tokens, columns]}
   * @return {@code [cells, columns]}
   */
  INDArray pad(GrowingArray packed, int columns, GrowingArray padded) {
    INDArray result = padded.array(cells(), columns);
    Nd4jMath.rows(packed.withZeros(count, columns), tokenOfCell, result);
    return result;
  }

  /**
   * Packs tokens from their cells; idle ones become 0.
   *
   * @param padded memory of {@code [cells, columns]}
   * @return {@code [tokens, columns]}
   */
  INDArray pack(GrowingArray padded, int columns, GrowingArray packed) {
    INDArray result = packed.array(count, columns);
    Nd4jMath.rows(padded.withZeros(cells(), columns), cellOfToken, result);
    return result;
  }

  /**
   * Packs tokens from an array of the caller; idle ones become 0.
   *
   * @param vectors {@code [rows, time of the batch, columns]} in any order
   * @param copy memory for the same by rows
   */
  INDArray packFromOutside(INDArray vectors, GrowingArray copy, GrowingArray packed) {
    long columns = vectors.size(2);
    copy.array(vectors.shape()).assign(vectors);
    INDArray result = packed.array(count, columns);
    Nd4jMath.rows(copy.withZeros(outerCells(), columns), outerCellOfToken, result);
    return result;
  }

  /**
   * Copies tokens to their cells in an array of the caller, with 0 at padding.
   *
   * @param packed memory of {@code [tokens, columns]}
   * @param out {@code [outer cells, columns]} by rows
   */
  void padForOutside(GrowingArray packed, INDArray out) {
    Nd4jMath.rows(packed.withZeros(count, out.size(1)), tokenOfOuterCell, out);
  }

  /** Copies to each token its row of a matrix that has one row for each row of the batch. */
  void expandRows(INDArray byRow, INDArray out) {
    Nd4jMath.rows(byRow, rowOfToken, out);
  }

  /** Returns the dropout factors of whole tokens, {@code [tokens, 1]}. */
  INDArray wordFactors(Noise.Site site) {
    float[] all = values(count);
    for (int token = 0; token < count; token++) {
      all[token] = token < tokens.count() ? site.factor(tokens.indices()[token]) : 0;
    }
    return copied(all, count, 1);
  }

  /** Multiplies by dropout factors, {@code [tokens, columns]}. */
  void drop(INDArray x, Noise.Site site) {
    int width = (int) x.size(1);
    float[] all = values(count * width);
    for (int token = 0; token < tokens.count(); token++) {
      int index = tokens.indices()[token] * width;
      for (int column = 0; column < width; column++) {
        all[token * width + column] = site.factor(index + column);
      }
    }
    Arrays.fill(all, tokens.count() * width, count * width, 0);
    x.muli(copied(all, x.shape()));
  }

  /** Multiplies by dropout factors, {@code [rows, columns]}. */
  void dropByRow(INDArray x, Noise.Site site) {
    float[] all = values((int) x.length());
    for (int i = 0; i < x.length(); i++) {
      all[i] = site.factor(i);
    }
    x.muli(copied(all, x.shape()));
  }

  private INDArray copied(float[] all, long... shape) {
    INDArray result = factors.array(shape);
    Nd4jMath.copy(all, result);
    return result;
  }
}
