package io.attune.neural.cpu;

import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies vectors of tokens between padded arrays and packed matrices. */
final class CpuVectors {
  private CpuVectors() {}

  /**
   * Packs the vectors of real tokens.
   *
   * @param padded {@code [batch, time, width]}, in any order
   * @param packed {@code [tokens, width]}; overwritten
   */
  static void pack(INDArray padded, TokenBatch batch, Matrix packed) {
    Floats source = Floats.spanning(padded);
    for (int row = 0; row < batch.rows(); row++) {
      int token = batch.start(row);
      while (token < batch.start(row + 1)) {
        int count = run(batch, row, token);
        int from = row * padded.stride(0) + batch.columns()[token] * padded.stride(1);
        if (padded.stride(2) == 1 && (count == 1 || padded.stride(1) == packed.columns())) {
          Pointer.memcpy(
              Floats.at(packed.rows(token, 1).address()),
              Floats.at(source.address() + (long) from * Float.BYTES),
              (long) count * packed.columns() * Float.BYTES);
        } else {
          copy(source.floats(), from, padded, packed.rows(token, count));
        }
        token += count;
      }
    }
  }

  /** Returns the number of tokens from {@code token} on that are adjacent in the padded array. */
  private static int run(TokenBatch batch, int row, int token) {
    int end = token + 1;
    while (end < batch.start(row + 1) && batch.columns()[end] == batch.columns()[end - 1] + 1) {
      end++;
    }
    return end - token;
  }

  private static void copy(FloatBuffer source, int from, INDArray padded, Matrix target) {
    int byToken = padded.stride(1);
    int byColumn = padded.stride(2);
    FloatBuffer values = target.data().floats();
    for (int token = 0; token < target.rows(); token++) {
      int offset = target.at(token);
      for (int column = 0; column < target.columns(); column++) {
        values.put(offset + column, source.get(from + token * byToken + column * byColumn));
      }
    }
  }

  /**
   * Unpacks the vectors of real tokens to their positions, with 0 at padding.
   *
   * @param packed {@code [tokens, width]}
   * @param padded {@code [batch, time, width]}, contiguous, by rows
   */
  static void unpack(Matrix packed, TokenBatch batch, INDArray padded) {
    Floats target = Floats.of(padded);
    target.clear();
    Matrix cells = target.matrix(batch.rows() * batch.time(), packed.columns());
    for (int row = 0; row < batch.rows(); row++) {
      int token = batch.start(row);
      while (token < batch.start(row + 1)) {
        int count = run(batch, row, token);
        int cell = row * batch.time() + batch.columns()[token];
        packed.rows(token, count).copyTo(cells.rows(cell, count));
        token += count;
      }
    }
  }
}
