package io.attune.neural.cpu;

import static io.attune.neural.cpu.VectorFunctions.NORMAL_DENSITY;
import static io.attune.neural.cpu.VectorFunctions.ONE;
import static io.attune.neural.cpu.VectorFunctions.ZERO;
import static io.attune.neural.cpu.VectorFunctions.expOfNegative;
import static io.attune.neural.cpu.VectorFunctions.gaussian;
import static io.attune.neural.cpu.VectorFunctions.hash;
import static io.attune.neural.cpu.VectorFunctions.load;
import static io.attune.neural.cpu.VectorFunctions.normalCdf;
import static io.attune.neural.cpu.VectorFunctions.normalTail;
import static io.attune.neural.cpu.VectorFunctions.store;
import static io.attune.neural.cpu.VectorFunctions.tanh;
import static io.attune.neural.cpu.VectorFunctions.total;

import io.attune.neural.encoder.Noise;
import io.attune.neural.int8.Int8Kernels;
import io.attune.neural.int8.ScalarInt8Kernels;
import io.attune.neural.int8.VectorInt8Kernels;
import io.attune.neural.memory.Matrix;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes the kernels on the incubating Vector API of JDK 17, a module that the JVM loads only on
 * request. Rows must be a whole number of vectors; there are no loops over a rest.
 *
 * <p>The launcher keeps C2 from inlining these methods into the loops that call them, so that a
 * kernel is compiled by itself, and its vectors stay in registers.
 */
final class VectorKernels implements Kernels {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final IntVector STEPS = IntVector.zero(INTS).addIndex(1);
  private static final IntVector STRIDE = IntVector.broadcast(INTS, LANES);

  /** Holds what is added to the scores at padding, whose softmax weight is 0. */
  private static final float MASKED_SCORE = -1e30f;

  /** Holds, by the number of real values in a vector, what is added to scores. */
  private static final FloatVector[] PADDING = byCount(0, MASKED_SCORE);

  /** Holds, by the number of real values in a vector, 1 for each of them and 0 elsewhere. */
  private static final FloatVector[] KEPT = byCount(1, 0);

  private final float[] lanes = new float[LANES];

  private static FloatVector[] byCount(float real, float beyond) {
    FloatVector[] vectors = new FloatVector[LANES + 1];
    for (int count = 0; count <= LANES; count++) {
      float[] values = new float[LANES];
      Arrays.fill(values, 0, count, real);
      Arrays.fill(values, count, LANES, beyond);
      vectors[count] = FloatVector.fromArray(FLOATS, values, 0);
    }
    return vectors;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public String name() {
    return "Vector API, " + FLOATS.vectorBitSize() + " bits";
  }

  @Override
  public Int8Kernels int8() {
    boolean fits = LANES >= Long.BYTES; // the shortest vector of bytes is that long
    return fits ? new VectorInt8Kernels() : new ScalarInt8Kernels();
  }

  @Override
  public void sum(Matrix a, Matrix row, Matrix out) {
    ByteBuffer from = a.data().bytes();
    ByteBuffer added = row.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < a.rows(); r++) {
      int in = a.at(r);
      int target = out.at(r);
      for (int c = 0; c < a.columns(); c += LANES) {
        store(load(from, in + c).add(load(added, row.offset() + c)), to, target + c);
      }
    }
  }

  @Override
  public void fill(Matrix row, Matrix out) {
    ByteBuffer from = row.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < out.rows(); r++) {
      int target = out.at(r);
      for (int c = 0; c < out.columns(); c += LANES) {
        store(load(from, row.offset() + c), to, target + c);
      }
    }
  }

  @Override
  public void add(Matrix a, Matrix out) {
    ByteBuffer from = a.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < a.rows(); r++) {
      int in = a.at(r);
      int target = out.at(r);
      for (int c = 0; c < a.columns(); c += LANES) {
        store(load(to, target + c).add(load(from, in + c)), to, target + c);
      }
    }
  }

  @Override
  public void addColumnSums(Matrix a, Matrix row) {
    ByteBuffer from = a.data().bytes();
    ByteBuffer to = row.data().bytes();
    int r = 0;
    for (; r + 3 < a.rows(); r += 4) { // Four rows a turn: one load and store of the sums.
      int in = a.at(r);
      for (int c = 0; c < a.columns(); c += LANES) {
        FloatVector two = load(from, in + c).add(load(from, in + a.stride() + c));
        FloatVector next =
            load(from, in + 2 * a.stride() + c).add(load(from, in + 3 * a.stride() + c));
        store(load(to, row.offset() + c).add(two.add(next)), to, row.offset() + c);
      }
    }
    for (; r < a.rows(); r++) {
      int in = a.at(r);
      for (int c = 0; c < a.columns(); c += LANES) {
        store(load(to, row.offset() + c).add(load(from, in + c)), to, row.offset() + c);
      }
    }
  }

  @Override
  public void gather(int[] indices, Matrix table, Matrix out) {
    ByteBuffer from = table.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < out.rows(); r++) {
      int in = table.at(indices[r]);
      int target = out.at(r);
      for (int c = 0; c < out.columns(); c += LANES) {
        store(load(from, in + c), to, target + c);
      }
    }
  }

  @Override
  public void addGathered(int[] indices, Matrix table, Matrix out) {
    ByteBuffer from = table.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < out.rows(); r++) {
      int in = table.at(indices[r]);
      int target = out.at(r);
      for (int c = 0; c < out.columns(); c += LANES) {
        store(load(to, target + c).add(load(from, in + c)), to, target + c);
      }
    }
  }

  @Override
  public void scatter(Matrix a, int[] indices, Matrix table) {
    ByteBuffer from = a.data().bytes();
    ByteBuffer to = table.data().bytes();
    for (int r = 0; r < a.rows(); r++) {
      int in = a.at(r);
      int target = table.at(indices[r]);
      for (int c = 0; c < a.columns(); c += LANES) {
        store(load(to, target + c).add(load(from, in + c)), to, target + c);
      }
    }
  }

  @Override
  public void clear(int[] indices, int count, Matrix table) {
    ByteBuffer to = table.data().bytes();
    for (int i = 0; i < count; i++) {
      int target = table.at(indices[i]);
      for (int c = 0; c < table.columns(); c += LANES) {
        store(ZERO, to, target + c);
      }
    }
  }

  @Override
  public int nextNonZeroRow(Matrix x, int from) {
    ByteBuffer values = x.data().bytes();
    int columns = x.columns();
    for (int r = from; r < x.rows(); r++) {
      int offset = x.at(r);
      IntVector bits = load(values, offset).reinterpretAsInts();
      for (int c = LANES; c < columns; c += LANES) {
        bits = bits.or(load(values, offset + c).reinterpretAsInts());
      }
      // Without the sign: -0 is 0.
      if (bits.lanewise(VectorOperators.LSHL, 1).compare(VectorOperators.NE, 0).anyTrue()) {
        return r;
      }
    }
    return x.rows();
  }

  /** Multiplies by {@link Noise.Site#factor}, vector by vector. */
  @Override
  public void drop(Matrix x, int row, int index, Noise.Site site) {
    ByteBuffer values = x.data().bytes();
    IntVector kept = IntVector.broadcast(INTS, Float.floatToRawIntBits(site.scale()));
    IntVector dropped = IntVector.zero(INTS);
    IntVector threshold = IntVector.broadcast(INTS, site.threshold());
    IntVector indices = STEPS.add(index + site.key());
    int offset = x.at(row);
    for (int c = 0; c < x.columns(); c += LANES) {
      VectorMask<Integer> stays = hash(indices).compare(VectorOperators.GE, threshold);
      FloatVector factor = dropped.blend(kept, stays).reinterpretAsFloats();
      store(load(values, offset + c).mul(factor), values, offset + c);
      indices = indices.add(STRIDE);
    }
  }

  @Override
  public void normalize(Normalization norm, Matrix x, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    ByteBuffer gains = norm.gain().data().bytes();
    ByteBuffer shifts = norm.shift().data().bytes();
    int columns = x.columns();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      FloatVector sums = FloatVector.zero(FLOATS);
      for (int c = 0; c < columns; c += LANES) {
        sums = sums.add(load(from, in + c));
      }
      float mean = sums.reduceLanes(VectorOperators.ADD) / columns;
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int c = 0; c < columns; c += LANES) {
        FloatVector centred = load(from, in + c).sub(mean);
        squares = centred.fma(centred, squares);
      }
      float variance = squares.reduceLanes(VectorOperators.ADD) / columns;
      float inverse = (float) (1 / Math.sqrt(variance + norm.epsilon()));
      norm.statistics().set(r, 0, mean);
      norm.statistics().set(r, 1, inverse);
      int target = out.at(r);
      for (int c = 0; c < columns; c += LANES) {
        FloatVector normed = load(from, in + c).sub(mean).mul(inverse);
        FloatVector gain = load(gains, norm.gain().offset() + c);
        store(normed.fma(gain, load(shifts, norm.shift().offset() + c)), to, target + c);
      }
    }
  }

  @Override
  public void normalizeBackward(Normalization norm, Matrix x, Matrix dOut, Matrix dx) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer gradients = dOut.data().bytes();
    ByteBuffer to = dx.data().bytes();
    ByteBuffer gains = norm.gain().data().bytes();
    ByteBuffer parameters = norm.dGain().data().bytes();
    int columns = x.columns();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      int outer = dOut.at(r);
      float mean = norm.statistics().get(r, 0);
      float inverse = norm.statistics().get(r, 1);
      FloatVector sums = FloatVector.zero(FLOATS);
      FloatVector products = FloatVector.zero(FLOATS);
      for (int c = 0; c < columns; c += LANES) {
        FloatVector gradient = load(gradients, outer + c);
        FloatVector normed = load(from, in + c).sub(mean).mul(inverse);
        FloatVector scaled = gradient.mul(load(gains, norm.gain().offset() + c));
        sums = sums.add(scaled);
        products = scaled.fma(normed, products);
        int gain = norm.dGain().offset() + c;
        store(gradient.fma(normed, load(parameters, gain)), parameters, gain);
        int shift = norm.dShift().offset() + c;
        store(load(parameters, shift).add(gradient), parameters, shift);
      }
      float meanGradient = sums.reduceLanes(VectorOperators.ADD) / columns;
      float meanProduct = products.reduceLanes(VectorOperators.ADD) / columns;
      int target = dx.at(r);
      for (int c = 0; c < columns; c += LANES) {
        FloatVector normed = load(from, in + c).sub(mean).mul(inverse);
        FloatVector scaled = load(gradients, outer + c).mul(load(gains, norm.gain().offset() + c));
        FloatVector change = scaled.sub(meanGradient).sub(normed.mul(meanProduct));
        store(
            change.fma(FloatVector.broadcast(FLOATS, inverse), load(to, target + c)),
            to,
            target + c);
      }
    }
  }

  @Override
  public void softmax(Matrix scores) {
    ByteBuffer values = scores.data().bytes();
    int side = scores.stride();
    int columns = scores.columns();
    int last = side - LANES; // the vector that may have padding
    FloatVector padding = PADDING[columns - last];
    FloatVector kept = KEPT[columns - last];
    for (int square = 0; square < scores.rows(); square += side) {
      for (int r = square; r < square + columns; r++) {
        int offset = scores.at(r);
        store(load(values, offset + last).add(padding), values, offset + last);
        float sum = exponents(values, offset, side, largest(values, offset, side));
        store(load(values, offset + last).mul(kept), values, offset + last); // none is denormal
        scale(values, offset, side, 1 / sum);
      }
      int rest = scores.at(square + columns);
      for (int c = 0; c < (side - columns) * side; c += LANES) {
        store(ZERO, values, rest + c);
      }
    }
  }

  // Three methods: in one, vectors become objects on the heap.

  private float largest(ByteBuffer values, int offset, int count) {
    FloatVector largest = load(values, offset);
    for (int i = LANES; i < count; i += LANES) {
      FloatVector value = load(values, offset + i);
      largest = largest.blend(value, value.compare(VectorOperators.GT, largest));
    }
    largest.intoArray(lanes, 0);
    return VectorFunctions.largest(lanes);
  }

  /** Replaces values by exp(value - max), and returns the sum. */
  private float exponents(ByteBuffer values, int offset, int count, float max) {
    FloatVector highest = FloatVector.broadcast(FLOATS, max);
    FloatVector sums = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += LANES) {
      FloatVector exponent = expOfNegative(highest.sub(load(values, offset + i)));
      sums = sums.add(exponent);
      store(exponent, values, offset + i);
    }
    sums.intoArray(lanes, 0);
    return total(lanes);
  }

  private void scale(ByteBuffer values, int offset, int count, float factor) {
    for (int i = 0; i < count; i += LANES) {
      store(load(values, offset + i).mul(factor), values, offset + i);
    }
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix dWeights) {
    ByteBuffer from = weights.data().bytes();
    ByteBuffer values = dWeights.data().bytes();
    for (int r = 0; r < weights.rows(); r++) {
      int weight = weights.at(r);
      int offset = dWeights.at(r);
      FloatVector sums = FloatVector.zero(FLOATS);
      for (int c = 0; c < weights.stride(); c += LANES) {
        sums = load(from, weight + c).fma(load(values, offset + c), sums);
      }
      sums.intoArray(lanes, 0);
      float sum = total(lanes);
      for (int c = 0; c < weights.stride(); c += LANES) {
        FloatVector gradient = load(values, offset + c).sub(sum).mul(load(from, weight + c));
        store(gradient, values, offset + c);
      }
    }
  }

  @Override
  public void gelu(Matrix x, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      int target = out.at(r);
      for (int c = 0; c < x.columns(); c += LANES) {
        FloatVector value = load(from, in + c);
        FloatVector tail = normalTail(value).mul(gaussian(value));
        store(value.mul(normalCdf(value, tail)), to, target + c);
      }
    }
  }

  @Override
  public void geluAndDerivative(Matrix x, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      int target = out.at(r);
      for (int c = 0; c < x.columns(); c += LANES) {
        FloatVector value = load(from, in + c);
        FloatVector gaussian = gaussian(value);
        FloatVector cdf = normalCdf(value, normalTail(value).mul(gaussian));
        store(value.mul(cdf), to, target + c);
        store(gaussian.mul(NORMAL_DENSITY).fma(value, cdf), from, in + c);
      }
    }
  }

  @Override
  public void relu(Matrix x, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      int target = out.at(r);
      for (int c = 0; c < x.columns(); c += LANES) {
        store(load(from, in + c).max(ZERO), to, target + c);
      }
    }
  }

  @Override
  public void reluAndDerivative(Matrix x, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      int in = x.at(r);
      int target = out.at(r);
      for (int c = 0; c < x.columns(); c += LANES) {
        FloatVector value = load(from, in + c);
        store(value.max(ZERO), to, target + c);
        store(ZERO.blend(ONE, value.compare(VectorOperators.GT, ZERO)), from, in + c);
      }
    }
  }

  @Override
  public void multiplyAndSum(Matrix derivatives, Matrix gradient, Matrix row) {
    ByteBuffer from = derivatives.data().bytes();
    ByteBuffer values = gradient.data().bytes();
    ByteBuffer sums = row.data().bytes();
    for (int r = 0; r < derivatives.rows(); r++) {
      int in = derivatives.at(r);
      int offset = gradient.at(r);
      for (int c = 0; c < derivatives.columns(); c += LANES) {
        FloatVector result = load(values, offset + c).mul(load(from, in + c));
        store(result, values, offset + c);
        store(load(sums, row.offset() + c).add(result), sums, row.offset() + c);
      }
    }
  }

  @Override
  public void tanhDot(Matrix x, Matrix row, float[] scores) {
    // Two separate loops: together they exceed what the compiler of JDK 17 inlines.
    ByteBuffer values = x.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      int offset = x.at(r);
      for (int c = 0; c < x.columns(); c += LANES) {
        store(tanh(load(values, offset + c)), values, offset + c);
      }
    }
    dot(x, row, scores, 0);
  }

  @Override
  public void tanhDotBackward(Matrix active, float[] dScores, Matrix row, Matrix dX, Matrix dRow) {
    ByteBuffer from = active.data().bytes();
    ByteBuffer factors = row.data().bytes();
    ByteBuffer to = dX.data().bytes();
    ByteBuffer sums = dRow.data().bytes();
    for (int r = 0; r < active.rows(); r++) {
      int in = active.at(r);
      int target = dX.at(r);
      float scoreGradient = dScores[r];
      for (int c = 0; c < active.columns(); c += LANES) {
        FloatVector value = load(from, in + c);
        FloatVector factor = load(factors, row.offset() + c).mul(scoreGradient);
        store(factor.mul(ONE.sub(value.mul(value))), to, target + c);
        FloatVector sum = load(sums, dRow.offset() + c);
        store(
            value.fma(FloatVector.broadcast(FLOATS, scoreGradient), sum), sums, dRow.offset() + c);
      }
    }
  }

  @Override
  public void weightedSum(Matrix x, float[] weights, int first, Matrix out) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int c = 0; c < x.columns(); c += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int r = 0; r < x.rows(); r++) {
        FloatVector weight = FloatVector.broadcast(FLOATS, weights[first + r]);
        sum = load(from, x.at(r) + c).fma(weight, sum);
      }
      store(sum, to, out.offset() + c);
    }
  }

  @Override
  public void dot(Matrix x, Matrix row, float[] products, int first) {
    ByteBuffer from = x.data().bytes();
    ByteBuffer factors = row.data().bytes();
    for (int r = 0; r < x.rows(); r++) {
      FloatVector sums = FloatVector.zero(FLOATS);
      for (int c = 0; c < x.columns(); c += LANES) {
        sums = load(from, x.at(r) + c).fma(load(factors, row.offset() + c), sums);
      }
      products[first + r] = sums.reduceLanes(VectorOperators.ADD);
    }
  }

  @Override
  public void outer(float[] weights, int first, Matrix row, Matrix out) {
    ByteBuffer from = row.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < out.rows(); r++) {
      FloatVector weight = FloatVector.broadcast(FLOATS, weights[first + r]);
      for (int c = 0; c < out.columns(); c += LANES) {
        store(load(from, row.offset() + c).mul(weight), to, out.at(r) + c);
      }
    }
  }

  @Override
  public void addOuter(float[] weights, int first, Matrix row, Matrix out) {
    ByteBuffer from = row.data().bytes();
    ByteBuffer to = out.data().bytes();
    for (int r = 0; r < out.rows(); r++) {
      FloatVector weight = FloatVector.broadcast(FLOATS, weights[first + r]);
      int target = out.at(r);
      for (int c = 0; c < out.columns(); c += LANES) {
        store(load(from, row.offset() + c).fma(weight, load(to, target + c)), to, target + c);
      }
    }
  }

  @Override
  public void adam(AdamStep step, Matrix gradient, Matrix means, Matrix squares) {
    ByteBuffer gradients = gradient.data().bytes();
    ByteBuffer first = means.data().bytes();
    ByteBuffer second = squares.data().bytes();
    int length = gradient.columns();
    int whole = length - length % LANES;
    FloatVector keep1 = FloatVector.broadcast(FLOATS, step.beta1());
    FloatVector take1 = FloatVector.broadcast(FLOATS, 1 - step.beta1());
    FloatVector keep2 = FloatVector.broadcast(FLOATS, step.beta2());
    FloatVector take2 = FloatVector.broadcast(FLOATS, 1 - step.beta2());
    for (int i = 0; i < whole; i += LANES) {
      FloatVector value = load(gradients, gradient.offset() + i);
      FloatVector mean = load(first, means.offset() + i).mul(keep1).add(value.mul(take1));
      FloatVector square =
          load(second, squares.offset() + i).mul(keep2).add(value.mul(value).mul(take2));
      store(mean, first, means.offset() + i);
      store(square, second, squares.offset() + i);
      FloatVector divisor = square.lanewise(VectorOperators.SQRT).add(step.epsilon());
      store(mean.mul(step.rate()).div(divisor), gradients, gradient.offset() + i);
    }
    int rest = length - whole;
    if (rest > 0) {
      new ScalarKernels()
          .adam(
              step,
              gradient.slice(whole, rest),
              means.slice(whole, rest),
              squares.slice(whole, rest));
    }
  }
}
