package io.attune.neural.cpu;

import io.attune.neural.encoder.Noise;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Provides functions of vectors of floats that the Vector API lacks or computes slowly. */
final class VectorFunctions {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // Constants of the hash of Noise.
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final IntVector HASH_FIRST = IntVector.broadcast(INTS, 0x7FEB352D);
  private static final IntVector HASH_SECOND = IntVector.broadcast(INTS, 0x846CA68B);

  // Vectors made in the loops would cost nothing to compute, but use up what the compiler of JDK 17
  // inlines at most, and then vectors become objects on the heap.
  static final FloatVector ZERO = constant(0);
  static final FloatVector ONE = constant(1);
  private static final FloatVector TWO = constant(2);
  private static final FloatVector HALF = constant(0.5);

  // exp(x) for normal results; the polynomial of Cephes, expf.
  private static final FloatVector EXP_LOWEST = constant(-87.3);
  private static final FloatVector EXP_HIGHEST = constant(88.3);
  private static final FloatVector PER_LN2 = constant(1.44269504088896341);

  /** Holds 1.5 * 2^23: adding it rounds to a whole number, which is then in the lowest bits. */
  private static final FloatVector ROUNDER = constant(12_582_912);

  private static final FloatVector MINUS_LN2_HIGH = constant(-0.693359375);
  private static final FloatVector MINUS_LN2_LOW = constant(2.12194440e-4);
  private static final FloatVector EXP_5 = constant(1.9875691500e-4);
  private static final FloatVector EXP_4 = constant(1.3981999507e-3);
  private static final FloatVector EXP_3 = constant(8.3334519073e-3);
  private static final FloatVector EXP_2 = constant(4.1665795894e-2);
  private static final FloatVector EXP_1 = constant(1.6666665459e-1);
  private static final FloatVector EXP_0 = constant(5.0000001201e-1);

  // The same for exp(-x).
  private static final IntVector EXP_NEGATIVE_UNDERFLOW_BITS =
      IntVector.broadcast(INTS, Float.floatToRawIntBits(87.3f));
  private static final FloatVector MINUS_PER_LN2 = constant(-1.44269504088896341);
  private static final FloatVector LN2_HIGH = constant(0.693359375);
  private static final FloatVector LN2_LOW = constant(-2.12194440e-4);
  private static final FloatVector MINUS_EXP_5 = constant(-1.9875691500e-4);
  private static final FloatVector MINUS_EXP_3 = constant(-8.3334519073e-3);
  private static final FloatVector MINUS_EXP_1 = constant(-1.6666665459e-1);

  // Half of Abramowitz & Stegun 1964, 7.1.26, for erf(x / sqrt(2)).
  private static final FloatVector TAIL_SCALE = constant(0.3275911 / Math.sqrt(2));
  private static final FloatVector TAIL_4 = constant(1.061405429 / 2);
  private static final FloatVector TAIL_3 = constant(-1.453152027 / 2);
  private static final FloatVector TAIL_2 = constant(1.421413741 / 2);
  private static final FloatVector TAIL_1 = constant(-0.284496736 / 2);
  private static final FloatVector TAIL_0 = constant(0.254829592 / 2);
  static final FloatVector NORMAL_DENSITY = constant(1 / Math.sqrt(2 * Math.PI));

  private static FloatVector constant(double value) {
    return FloatVector.broadcast(FLOATS, (float) value);
  }

  /** Returns the vector at an offset, in floats. */
  static FloatVector load(ByteBuffer from, int offset) {
    return FloatVector.fromByteBuffer(FLOATS, from, offset << 2, ORDER);
  }

  /** Writes a vector at an offset, in floats. */
  static void store(FloatVector vector, ByteBuffer to, int offset) {
    vector.intoByteBuffer(to, offset << 2, ORDER);
  }

  /**
   * Returns the largest value. With a vector stored before, this is much faster than {@code
   * reduceLanes} of JDK 17.
   */
  static float largest(float[] values) {
    float max = values[0];
    float other = values[1];
    for (int i = 2; i < values.length; i += 2) {
      max = values[i] > max ? values[i] : max;
      other = values[i + 1] > other ? values[i + 1] : other;
    }
    return max > other ? max : other;
  }

  /**
   * Returns the sum. With a vector stored before, this is much faster than {@code reduceLanes} of
   * JDK 17, which adds one after the other.
   */
  static float total(float[] values) {
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    for (int i = 0; i < values.length; i += 4) {
      first += values[i];
      second += values[i + 1];
      third += values[i + 2];
      fourth += values[i + 3];
    }
    return (first + second) + (third + fourth);
  }

  /** Computes {@link Noise#hash} of each value. */
  static IntVector hash(IntVector value) {
    IntVector x = value.lanewise(VectorOperators.XOR, value.lanewise(VectorOperators.LSHR, 16));
    x = x.mul(HASH_FIRST);
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15));
    x = x.mul(HASH_SECOND);
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
  }

  /**
   * Computes the exponential function, to about 2 units in the last place: x = n ln 2 + r, a
   * polynomial for r (Cephes, {@code expf}), and n into the exponent.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(EXP_LOWEST).min(EXP_HIGHEST);
    FloatVector shifted = clamped.fma(PER_LN2, ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(MINUS_LN2_HIGH, clamped);
    r = n.fma(MINUS_LN2_LOW, r);
    FloatVector p = EXP_5.fma(r, EXP_4);
    p = p.fma(r, EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /**
   * Computes exp(-x) for x that are 0 or more, as {@link #exp}. The limit is applied to the bits,
   * whose order as whole numbers is that of the values: one instruction, where {@code min} of
   * floats is five.
   */
  static FloatVector expOfNegative(FloatVector x) {
    FloatVector clamped =
        x.reinterpretAsInts().min(EXP_NEGATIVE_UNDERFLOW_BITS).reinterpretAsFloats();
    FloatVector shifted = clamped.fma(MINUS_PER_LN2, ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(LN2_HIGH, clamped); // The polynomial is that of -r.
    r = n.fma(LN2_LOW, r);
    FloatVector p = MINUS_EXP_5.fma(r, EXP_4);
    p = p.fma(r, MINUS_EXP_3);
    p = p.fma(r, EXP_2);
    p = p.fma(r, MINUS_EXP_1);
    p = p.fma(r, EXP_0);
    p = p.fma(r.mul(r), ONE.sub(r));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /** Computes exp(-x * x / 2). */
  static FloatVector gaussian(FloatVector x) {
    return expOfNegative(x.mul(x).mul(HALF));
  }

  /**
   * Computes the probability of the normal tail above |x|, divided by exp(-x * x / 2), to 1e-7
   * (Abramowitz & Stegun 1964, 7.1.26).
   */
  static FloatVector normalTail(FloatVector x) {
    FloatVector t = ONE.div(x.abs().fma(TAIL_SCALE, ONE));
    FloatVector p = TAIL_4.fma(t, TAIL_3);
    p = p.fma(t, TAIL_2);
    p = p.fma(t, TAIL_1);
    p = p.fma(t, TAIL_0);
    return p.mul(t);
  }

  /**
   * Computes the standard normal distribution function of x.
   *
   * @param tail probability above |x|
   */
  static FloatVector normalCdf(FloatVector x, FloatVector tail) {
    return ONE.sub(tail).blend(tail, x.compare(VectorOperators.LT, ZERO));
  }

  /** Computes tanh(x) = 1 - 2 / (exp(2 x) + 1). */
  static FloatVector tanh(FloatVector x) {
    return ONE.sub(TWO.div(exp(x.mul(TWO)).add(ONE)));
  }

  private VectorFunctions() {}
}
