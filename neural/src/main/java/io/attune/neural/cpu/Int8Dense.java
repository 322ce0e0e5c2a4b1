package io.attune.neural.cpu;

import io.attune.neural.int8.Int8Kernels;
import io.attune.neural.int8.Int8Kernels.Columns;
import io.attune.neural.int8.Int8Kernels.Sums;
import io.attune.neural.int8.Int8Products;
import io.attune.neural.int8.Int8Rows;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;

/**
 * Computes a dense layer, x W + b, with its factors rounded to 8-bit integers: each column of W by
 * its own largest magnitude, and each row of x by its own range, so that no token depends on the
 * others of its batch. For parameters that do not change.
 */
final class Int8Dense {
  /** Holds the largest magnitude of a rounded weight, which has a sign. */
  private static final int LARGEST = 127;

  /** Holds what the dense layers of an encoder share. */
  static final class Shared {
    final Int8Kernels kernels;

    /** Holds rows in the middle of a feed-forward layer. */
    final Int8Rows wide = new Int8Rows();

    private final Int8Products products;
    private final Int8Rows left = new Int8Rows();
    private final Floats floats = Floats.growing();

    Shared(OneDnn oneDnn, Int8Kernels kernels) {
      this.kernels = kernels;
      products = new Int8Products(oneDnn);
    }
  }

  private final CpuContext context;
  private final String weight;
  private final String bias;
  private Int8Products.Packed packed;
  private Columns columns;

  /** Holds the address of the weights that are packed; 0 for none. */
  private long ready;

  Int8Dense(CpuContext context, String name) {
    this.context = context;
    weight = name + ".weight";
    bias = name + ".bias";
  }

  /** Returns the rows of the next product, few different numbers as {@link Bfloat16#piece}. */
  static int piece(int left) {
    return Math.min(Int8Rows.MOST, Bfloat16.piece(left));
  }

  /** Rounds and packs the weights, unless they are; {@link #multiply} needs it first. */
  void prepare() {
    Matrix weights = context.weights.get(weight);
    if (weights.address() == ready) {
      return;
    }
    int inner = weights.rows();
    int count = weights.columns();
    float[] largest = largest(weights);
    int[] totals = new int[count];
    Floats rounded = Floats.growing();
    rounded.ensure((long) inner * count / Float.BYTES + 1);
    for (int r = 0; r < inner; r++) {
      for (int c = 0; c < count; c++) {
        float inverse = largest[c] == 0 ? 0 : LARGEST / largest[c];
        int number = Math.round(weights.get(r, c) * inverse);
        rounded.bytes().put(r * count + c, (byte) number);
        totals[c] += number;
      }
    }
    packed = context.int8.products.pack(rounded, inner, count);
    columns = columns(largest, totals);
    ready = weights.address();
  }

  /** Returns the largest magnitude of each column. */
  private static float[] largest(Matrix weights) {
    float[] largest = new float[weights.columns()];
    for (int r = 0; r < weights.rows(); r++) {
      for (int c = 0; c < largest.length; c++) {
        largest[c] = Math.max(largest[c], Math.abs(weights.get(r, c)));
      }
    }
    return largest;
  }

  private Columns columns(float[] largest, int[] totals) {
    Matrix scales = Floats.growing().matrix(1, largest.length);
    Matrix sums = Floats.growing().matrix(1, largest.length);
    for (int c = 0; c < largest.length; c++) {
      scales.set(0, c, largest[c] / LARGEST);
      sums.data().bytes().putInt(c * Integer.BYTES, totals[c]);
    }
    return new Columns(scales, sums, context.weights.row(bias));
  }

  /** Multiplies a piece of rows of floats; the sums are valid until the next product. */
  Sums multiply(Matrix x) {
    Int8Rows rows = context.int8.left.ofWidth(x.columns());
    context.int8.kernels.quantize(x, rows, 0);
    return multiply(rows, x.rows());
  }

  /** Multiplies a piece of rounded rows; the sums are valid until the next product. */
  Sums multiply(Int8Rows rows, int count) {
    return context.int8.products.multiply(rows, count, packed);
  }

  /** Sets rows of the result, given their sums, in whose memory they may lie. */
  void set(Sums sums, Matrix out) {
    context.int8.kernels.dequantize(sums, columns, out);
  }

  /** Computes rows of out = residual + result, given their sums. */
  void addTo(Matrix residual, Sums sums, Matrix out) {
    if (residual == null) {
      set(sums, out);
      return;
    }
    residual.copyTo(out);
    context.int8.kernels.addDequantized(sums, columns, out);
  }

  /**
   * Computes out = residual + x W + b.
   *
   * @param residual may be {@code out}; null for 0
   */
  void forwardOnto(Matrix x, Matrix residual, Matrix out) {
    prepare();
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = piece(x.rows() - from);
      Matrix added = residual == null ? null : residual.rows(from, count);
      addTo(added, multiply(x.rows(from, count)), out.rows(from, count));
    }
  }

  /** Computes x W + b into an address, in bfloat16. */
  void forward(Matrix x, long out) {
    prepare();
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = piece(x.rows() - from);
      Sums sums = multiply(x.rows(from, count));
      set(sums, sums.numbers());
      long place = (long) from * packed.columns() * Short.BYTES;
      context.bfloat16.convert(sums.numbers(), out + place);
    }
  }

  /** Computes out = residual + x W + b, given the address of rows in bfloat16. */
  void forwardOnto(long x, Matrix residual, Matrix out) {
    prepare();
    int count;
    for (int from = 0; from < out.rows(); from += count) {
      count = piece(out.rows() - from);
      Matrix rows = context.int8.floats.matrix(count, packed.inner());
      context.bfloat16.convert(x + (long) from * packed.inner() * Short.BYTES, rows);
      Matrix added = residual == null ? null : residual.rows(from, count);
      addTo(added, multiply(rows), out.rows(from, count));
    }
  }
}
