package io.attune.neural.pretrained;

import java.util.List;

/**
 * Locates one tensor in a file.
 *
 * @param shape as Hugging Face has it, {@code [out, in]} for the weights of a dense layer
 * @param file its name
 * @param position of its first byte in the file; its elements are packed, little-endian, by rows
 * @param bytes number of bytes
 * @param transposed whether the file holds the matrix as {@code [in, out]}
 */
record StoredTensor(
    String name,
    ElementType type,
    List<Long> shape,
    String file,
    long position,
    long bytes,
    boolean transposed) {
  StoredTensor {
    shape = List.copyOf(shape);
  }

  long elements() {
    return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
  }
}
