package io.attune.neural.network;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.LoraConfig;
import io.attune.neural.encoder.LoraConfig.Matrix;

/** Computes low-rank adaptation in plain loops, with doubles. */
record LoraTwin(LoraConfig lora, EncoderShape shape) {

  /** Handles one adapted value W'[row][column]. */
  private interface Visitor {
    /**
     * Visits a value.
     *
     * @param at its place in the encoder's parameters
     * @param down place of the row's first value in the first factor
     * @param up place of the column's first value in the second factor
     * @param columns of the second factor
     */
    void visit(int at, int down, int up, int columns);
  }

  private void each(Visitor visitor) {
    for (int block = 0; block < shape.blocks(); block++) {
      String attention = "block" + block + ".attention";
      String feedForward = "block" + block + ".feedForward";
      int width = shape.width();
      for (Matrix matrix : lora.matrices()) {
        switch (matrix) {
          case QUERY -> each(attention + ".query", attention + ".in", 0, width, visitor);
          case KEY -> each(attention + ".key", attention + ".in", width, width, visitor);
          case VALUE -> each(attention + ".value", attention + ".in", 2 * width, width, visitor);
          case OUTPUT -> each(attention + ".output", attention + ".out", 0, width, visitor);
          case FEED_FORWARD_IN ->
              each(feedForward + ".in", feedForward + ".in", 0, shape.feedForward(), visitor);
          case FEED_FORWARD_OUT ->
              each(feedForward + ".out", feedForward + ".out", 0, width, visitor);
        }
      }
    }
  }

  private void each(String name, String parameter, int from, int columns, Visitor visitor) {
    Slot weight = EncoderLayout.of(shape).slot(parameter + ".weight");
    EncoderLayout trained = EncoderLayout.adapted(shape, lora);
    int down = (int) trained.slot(name + ".down").offset();
    int up = (int) trained.slot(name + ".up").offset();
    for (int row = 0; row < weight.rows(); row++) {
      for (int column = 0; column < columns; column++) {
        int at = (int) weight.offset() + row * weight.columns() + from + column;
        visitor.visit(at, down + row * lora.rank(), up + column, columns);
      }
    }
  }

  private double scale() {
    return lora.alpha() / lora.rank();
  }

  /** Returns the encoder's parameters. */
  double[] effective(float[] trained, float[] frozen) {
    double[] result = new double[(int) EncoderLayout.of(shape).length()];
    for (int i = 0; i < frozen.length; i++) {
      result[i] = frozen[i];
    }
    each(
        (at, down, up, columns) -> {
          for (int i = 0; i < lora.rank(); i++) {
            result[at] += scale() * trained[down + i] * trained[up + i * columns];
          }
        });
    for (Slot slot : EncoderLayout.adapted(shape, lora).slots()) {
      if (slot.name().startsWith(EncoderLayout.POOLING)) {
        int to = (int) EncoderLayout.of(shape).slot(slot.name()).offset();
        for (int i = 0; i < slot.length(); i++) {
          result[to + i] = trained[(int) slot.offset() + i];
        }
      }
    }
    return result;
  }

  /**
   * Returns the gradient of the trained parameters.
   *
   * @param whole gradient of the encoder's parameters
   */
  double[] gradient(float[] trained, float[] whole) {
    double[] result = new double[trained.length];
    each(
        (at, down, up, columns) -> {
          for (int i = 0; i < lora.rank(); i++) {
            result[down + i] += scale() * whole[at] * trained[up + i * columns];
            result[up + i * columns] += scale() * whole[at] * trained[down + i];
          }
        });
    for (Slot slot : EncoderLayout.adapted(shape, lora).slots()) {
      if (slot.name().startsWith(EncoderLayout.POOLING)) {
        int from = (int) EncoderLayout.of(shape).slot(slot.name()).offset();
        for (int i = 0; i < slot.length(); i++) {
          result[(int) slot.offset() + i] = whole[from + i];
        }
      }
    }
    return result;
  }
}
