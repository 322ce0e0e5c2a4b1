package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Provides the parameters of an encoder, or their gradients, as matrices in the flat vector. */
final class CpuParameters {
  private final EncoderLayout layout;
  private final Map<String, Matrix> matrices = new HashMap<>();
  private Floats flat;

  CpuParameters(EncoderLayout layout) {
    this.layout = layout;
  }

  /** Sets the flat vector; cheap if it is the current one. */
  void view(INDArray vector) {
    if (flat != null && flat.address() == Floats.addressOf(vector)) {
      return;
    }
    flat = Floats.of(vector);
    for (EncoderLayout.Slot slot : layout.slots()) {
      matrices.put(
          slot.name(),
          new Matrix(flat, (int) slot.offset(), slot.rows(), slot.columns(), slot.columns()));
    }
  }

  Matrix get(String name) {
    return matrices.get(name);
  }

  /** Returns a parameter such as a bias, as one row. */
  Matrix row(String name) {
    Matrix matrix = get(name);
    int length = matrix.rows() * matrix.columns();
    return new Matrix(matrix.data(), matrix.offset(), 1, length, length);
  }

  void clear() {
    flat.clear();
  }
}
