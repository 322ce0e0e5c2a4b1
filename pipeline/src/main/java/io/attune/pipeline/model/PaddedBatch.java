package io.attune.pipeline.model;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A batch with its padding, as rectangular tensors need it. Cells are numbered row by row. */
final class PaddedBatch {
  private final TokenBatch tokens;
  private final int[] ids;
  private final int[] columns;
  private final INDArray mask;

  private PaddedBatch(TokenBatch tokens, int[] ids, int[] columns, INDArray mask) {
    this.tokens = tokens;
    this.ids = ids;
    this.columns = columns;
    this.mask = mask;
  }

  static PaddedBatch of(TokenBatch tokens, DataType dataType) {
    int cells = tokens.rows() * tokens.time();
    int[] ids = new int[cells];
    int[] columns = new int[cells];
    float[] mask = new float[cells];
    for (int cell = 0; cell < cells; cell++) {
      columns[cell] = cell % tokens.time();
    }
    for (int row = 0; row < tokens.rows(); row++) {
      for (int token = tokens.start(row); token < tokens.start(row + 1); token++) {
        int cell = row * tokens.time() + tokens.columns()[token];
        ids[cell] = tokens.ids()[token];
        mask[cell] = 1;
      }
    }
    return new PaddedBatch(
        tokens, ids, columns, Nd4j.createFromArray(mask).castTo(dataType).reshape(cells, 1));
  }

  TokenBatch tokens() {
    return tokens;
  }

  /** {@code [batch * time]}, 0 at padding. */
  int[] ids() {
    return ids;
  }

  /** {@code [batch * time]}, position of each cell. */
  int[] columns() {
    return columns;
  }

  /** {@code [batch * time, 1]}, 1 for real tokens. */
  INDArray mask() {
    return mask;
  }

  /**
   * Vectors cell by cell, {@code [batch * time, width]}; 0 at padding, whatever stands there.
   *
   * @param vectors {@code [batch, time, width]}, in any order
   */
  INDArray realCells(INDArray vectors) {
    long width = vectors.size(2);
    int cells = rows() * time();
    INDArray all = vectors.dup('c').reshape('c', cells, width);
    if (tokens.count() == cells) {
      return all;
    }
    int[] real = new int[tokens.count()];
    int[] places = new int[cells];
    Arrays.fill(places, real.length); // of a row of zeros after those of real cells
    for (int row = 0; row < rows(); row++) {
      for (int token = tokens.start(row); token < tokens.start(row + 1); token++) {
        real[token] = row * time() + tokens.columns()[token];
        places[real[token]] = token;
      }
    }
    INDArray zeros = Nd4j.zeros(vectors.dataType(), 1, width);
    return real.length == 0
        ? Nd4j.zeros(vectors.dataType(), cells, width)
        : Nd4j.pullRows(Nd4j.concat(0, Nd4j.pullRows(all, 1, real), zeros), 1, places);
  }

  int rows() {
    return tokens.rows();
  }

  int time() {
    return tokens.time();
  }

  /** {@code [batch, time]}. */
  INDArray rowMask() {
    return mask.reshape(rows(), time());
  }

  /** Dropout factors {@code [batch * time, width]}; 0 at padding. */
  INDArray tokenFactors(Noise.Site site, int width) {
    float[] factors = new float[rows() * time() * width];
    for (int row = 0; row < rows(); row++) {
      for (int token = tokens.start(row); token < tokens.start(row + 1); token++) {
        int cell = row * time() + tokens.columns()[token];
        for (int column = 0; column < width; column++) {
          factors[cell * width + column] = site.factor(tokens.indices()[token] * width + column);
        }
      }
    }
    return array(factors, (long) rows() * time(), width);
  }

  /** Dropout factors {@code [batch, width]}. */
  INDArray rowFactors(Noise.Site site, int width) {
    float[] factors = new float[rows() * width];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = site.factor(i);
    }
    return array(factors, rows(), width);
  }

  /** Dropout factors {@code [batch, heads, time, time]}; 0 at padding. */
  INDArray attentionFactors(Noise.Site site, EncoderShape shape) {
    int time = time();
    int max = shape.maxTokens();
    float[] factors = new float[rows() * shape.heads() * time * time];
    for (int row = 0; row < rows(); row++) {
      int start = tokens.start(row);
      for (int head = 0; head < shape.heads(); head++) {
        int matrix = row * shape.heads() + head;
        for (int i = 0; i < tokens.length(row); i++) {
          int query = matrix * time + tokens.columns()[start + i];
          for (int j = 0; j < tokens.length(row); j++) {
            factors[query * time + tokens.columns()[start + j]] =
                site.factor((matrix * max + i) * max + j);
          }
        }
      }
    }
    return array(factors, rows(), shape.heads(), time, time);
  }

  private INDArray array(float[] values, long... shape) {
    return Nd4j.createFromArray(values).castTo(mask.dataType()).reshape(shape);
  }
}
