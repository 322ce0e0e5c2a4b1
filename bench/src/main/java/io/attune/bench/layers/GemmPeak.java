package io.attune.bench.layers;

import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Operation;
import io.attune.neural.onednn.Product;
import io.attune.neural.onednn.Type;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures the operations per second of a square product that fits the caches, on one thread; by
 * processor time, so that other work on the machine does not lower it.
 */
final class GemmPeak {
  private static final int SIZE = 1024;
  private static final int TRIALS = 5;
  private static final int LINE = 64;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private GemmPeak() {}

  /** Measures ND4J's own BLAS. */
  static double floats() {
    INDArray a = Nd4j.rand(SIZE, SIZE);
    INDArray b = Nd4j.rand(SIZE, SIZE);
    INDArray c = Nd4j.createUninitialized(a.dataType(), new long[] {SIZE, SIZE}, 'f');
    return best(() -> a.mmuli(b, c));
  }

  /** Measures oneDNN's product of bfloat16, with the result in floats. */
  static double bfloat16() {
    return packed(Product.of(SIZE, SIZE, SIZE).left(Operand.byRows(Type.BFLOAT16, SIZE)));
  }

  /** Measures oneDNN's product of 8-bit integers, with sums of 32 bits. */
  static double int8() {
    return packed(
        Product.of(SIZE, SIZE, SIZE)
            .left(Operand.byRows(Type.UINT8, SIZE))
            .result(Operand.byRows(Type.INT32, SIZE)));
  }

  private static double packed(Product given) {
    long bytes = (long) SIZE * SIZE * Float.BYTES;
    OneDnn oneDnn = new OneDnn();
    try (BytePointer a = zeros(bytes);
        BytePointer b = zeros(bytes);
        BytePointer c = zeros(bytes)) {
      Operation product = oneDnn.product(given.packed());
      return best(() -> product.run(aligned(a), aligned(b), aligned(c)));
    }
  }

  /** Returns the first address of memory that starts a cache line. */
  private static long aligned(BytePointer memory) {
    return (memory.address() + LINE - 1) / LINE * LINE;
  }

  private static BytePointer zeros(long bytes) {
    BytePointer memory = new BytePointer(bytes + LINE);
    memory.zero();
    return memory;
  }

  private static double best(Runnable product) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < TRIALS; i++) {
      long start = THREAD.getCurrentThreadCpuTime();
      product.run();
      best = Math.min(best, (THREAD.getCurrentThreadCpuTime() - start) / 1e9);
    }
    return 2.0 * SIZE * SIZE * SIZE / best;
  }
}
