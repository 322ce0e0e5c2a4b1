package io.attune.neural.int8;

import io.attune.neural.memory.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Converts on the incubating Vector API of JDK 17; rows must be a whole number of vectors, and
 * vectors 8 floats or more. The launcher keeps C2 from inlining these methods into others.
 */
public final class VectorInt8Kernels implements Int8Kernels {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(LANES * Byte.SIZE));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final IntVector WITHOUT_SIGN = IntVector.broadcast(INTS, Integer.MAX_VALUE);

  private final int[] lows = new int[LANES];
  private final int[] highs = new int[LANES];
  private float smallest;
  private float largest;

  // A method for each loop: in one, vectors become objects on the heap.

  @Override
  public void quantize(Matrix x, Int8Rows to, int first) {
    int columns = x.columns();
    for (int r = 0; r < x.rows(); r++) {
      range(x.data().bytes(), x.at(r), columns);
      float inverse = to.range(first + r, smallest, largest);
      float shift = ROUNDER + to.zeros[first + r];
      round(x, r, inverse, shift, to.bytes.bytes(), (first + r) * columns);
    }
  }

  /** Finds smallest and largest value, 0 included. */
  private void range(ByteBuffer from, int offset, int count) {
    IntVector low = IntVector.zero(INTS);
    IntVector high = IntVector.zero(INTS);
    for (int c = 0; c < count; c += LANES) {
      IntVector bits = IntVector.fromByteBuffer(INTS, from, (offset + c) << 2, ORDER);
      // Bits have the order of the values where those of negative ones are inverted; NaN is
      // outside.
      IntVector inverted = bits.lanewise(VectorOperators.ASHR, 31).and(WITHOUT_SIGN);
      IntVector ordered = bits.lanewise(VectorOperators.XOR, inverted);
      low = low.min(ordered);
      high = high.max(ordered);
    }
    low.intoArray(lows, 0);
    high.intoArray(highs, 0);
    int least = 0;
    int most = 0;
    for (int i = 0; i < LANES; i++) {
      least = Math.min(least, lows[i]);
      most = Math.max(most, highs[i]);
    }
    smallest = Float.intBitsToFloat(least < 0 ? least ^ Integer.MAX_VALUE : 0);
    largest = Float.intBitsToFloat(most);
  }

  private static void round(
      Matrix x, int row, float inverse, float shift, ByteBuffer to, int target) {
    ByteBuffer from = x.data().bytes();
    int offset = x.at(row);
    FloatVector factor = FloatVector.broadcast(FLOATS, inverse);
    FloatVector added = FloatVector.broadcast(FLOATS, shift);
    for (int c = 0; c < x.columns(); c += LANES) {
      FloatVector.fromByteBuffer(FLOATS, from, (offset + c) << 2, ORDER)
          .fma(factor, added)
          .reinterpretAsInts()
          .convertShape(VectorOperators.I2B, BYTES, 0)
          .intoByteBuffer(to, target + c, ORDER);
    }
  }

  @Override
  public void dequantize(Sums sums, Columns columns, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      set(sums, r, columns, out);
    }
  }

  private void set(Sums sums, int row, Columns columns, Matrix out) {
    ByteBuffer from = sums.numbers().data().bytes();
    ByteBuffer to = out.data().bytes();
    ByteBuffer factors = columns.scales().data().bytes();
    ByteBuffer totals = columns.totals().data().bytes();
    ByteBuffer biases = columns.bias().data().bytes();
    FloatVector scale = FloatVector.broadcast(FLOATS, sums.scale(row));
    IntVector zero = IntVector.broadcast(INTS, sums.zero(row));
    int in = sums.numbers().at(row);
    int target = out.at(row);
    int bias = columns.bias().offset();
    for (int c = 0; c < out.columns(); c += LANES) {
      IntVector sum = IntVector.fromByteBuffer(INTS, from, (in + c) << 2, ORDER);
      IntVector ofZero = IntVector.fromByteBuffer(INTS, totals, c << 2, ORDER).mul(zero);
      FloatVector number =
          (FloatVector) sum.sub(ofZero).convertShape(VectorOperators.I2F, FLOATS, 0);
      FloatVector factor = FloatVector.fromByteBuffer(FLOATS, factors, c << 2, ORDER).mul(scale);
      number
          .fma(factor, FloatVector.fromByteBuffer(FLOATS, biases, (bias + c) << 2, ORDER))
          .intoByteBuffer(to, (target + c) << 2, ORDER);
    }
  }

  @Override
  public void addDequantized(Sums sums, Columns columns, Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      add(sums, r, columns, out);
    }
  }

  private void add(Sums sums, int row, Columns columns, Matrix out) {
    ByteBuffer from = sums.numbers().data().bytes();
    ByteBuffer to = out.data().bytes();
    ByteBuffer factors = columns.scales().data().bytes();
    ByteBuffer totals = columns.totals().data().bytes();
    ByteBuffer biases = columns.bias().data().bytes();
    FloatVector scale = FloatVector.broadcast(FLOATS, sums.scale(row));
    IntVector zero = IntVector.broadcast(INTS, sums.zero(row));
    int in = sums.numbers().at(row);
    int target = out.at(row);
    int bias = columns.bias().offset();
    for (int c = 0; c < out.columns(); c += LANES) {
      IntVector sum = IntVector.fromByteBuffer(INTS, from, (in + c) << 2, ORDER);
      IntVector ofZero = IntVector.fromByteBuffer(INTS, totals, c << 2, ORDER).mul(zero);
      FloatVector number =
          (FloatVector) sum.sub(ofZero).convertShape(VectorOperators.I2F, FLOATS, 0);
      FloatVector factor = FloatVector.fromByteBuffer(FLOATS, factors, c << 2, ORDER).mul(scale);
      number
          .fma(factor, FloatVector.fromByteBuffer(FLOATS, biases, (bias + c) << 2, ORDER))
          .add(FloatVector.fromByteBuffer(FLOATS, to, (target + c) << 2, ORDER))
          .intoByteBuffer(to, (target + c) << 2, ORDER);
    }
  }
}
