package io.attune.neural.pretrained;

import io.attune.schemas.failure.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Reads tensors as floats, each file once from its start to its end, one tensor at a time. */
final class TensorReader {
  private static final int CHUNK = 1 << 18;

  private final EncoderFiles files;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  TensorReader(EncoderFiles files) {
    this.files = files;
  }

  /**
   * Reads tensors in the order of their places.
   *
   * @param to takes each tensor with its elements in the order of the file
   * @throws Failure.BadInput if a tensor's type is not one of floats, or the file ends too early
   */
  void read(Collection<StoredTensor> tensors, BiConsumer<StoredTensor, float[]> to) {
    TreeMap<String, List<StoredTensor>> byFile =
        tensors.stream()
            .collect(Collectors.groupingBy(StoredTensor::file, TreeMap::new, Collectors.toList()));
    byFile.forEach(
        (name, wanted) -> {
          wanted.sort(
              Comparator.comparingLong(StoredTensor::position)
                  .thenComparingLong(StoredTensor::bytes));
          readFile(new SourceFile(files, name), wanted, to);
        });
  }

  private void readFile(
      SourceFile file, List<StoredTensor> tensors, BiConsumer<StoredTensor, float[]> to) {
    for (StoredTensor tensor : tensors) {
      check(file, tensor);
    }
    try (InputStream in = file.open()) {
      long start = 0;
      long position = 0;
      float[] values = {};
      for (StoredTensor tensor : tensors) {
        long end = tensor.position() + tensor.bytes();
        if (tensor.position() != start || end != position) { // else the same under another name
          in.skipNBytes(tensor.position() - position);
          values = values(in, tensor);
          start = tensor.position();
          position = end;
        }
        to.accept(tensor, values);
      }
    } catch (EOFException e) {
      throw file.bad("it ends before its last tensor; take the encoder from its publisher again");
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private static void check(SourceFile file, StoredTensor tensor) {
    if (!tensor.type().readable()) {
      throw file.bad(
          "tensor '%s' has elements of type %s, and parameters are read from F32, F16 and BF16;"
              + " convert it to one of these",
          tensor.name(), tensor.type());
    }
    if (tensor.elements() > Integer.MAX_VALUE - 8) {
      throw file.bad(
          "tensor '%s' of shape %s has more elements than a Java array; take a smaller encoder",
          tensor.name(), tensor.shape());
    }
  }

  private float[] values(InputStream in, StoredTensor tensor) throws IOException {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    int bytes = tensor.type().bits() / Byte.SIZE;
    for (int done = 0; done < values.length; ) {
      int count = Math.min(CHUNK / bytes, values.length - done);
      if (in.readNBytes(chunk.array(), 0, count * bytes) < count * bytes) {
        throw new EOFException();
      }
      tensor.type().decode(chunk.position(0).limit(count * bytes), values, done);
      done += count;
    }
    return values;
  }
}
