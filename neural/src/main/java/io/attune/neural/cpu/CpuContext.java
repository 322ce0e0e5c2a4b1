package io.attune.neural.cpu;

import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Precision;
import io.attune.neural.encoder.TokenBatch;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;

/**
 * Holds what the parts of a {@link CpuEncoder} share: parameters, kernels, scratch memory, the
 * current batch.
 */
final class CpuContext {
  final EncoderShape shape;
  final Kernels kernels;
  final Gemm gemm;

  /** Computes products in bfloat16; null where they are in floats. */
  final Bfloat16 bfloat16;

  /** Computes products of 8-bit integers; null where the processor has no fast ones. */
  final Int8Dense.Shared int8;

  final CpuParameters weights;
  final CpuParameters gradients;

  /**
   * Holds the gradient with respect to the input of the current function, {@code [tokens, width]}.
   */
  final Floats dInput = Floats.growing();

  /**
   * Holds the gradient with respect to the sum that post-norm normalises, {@code [tokens, width]}.
   */
  final Floats dSum = Floats.growing();

  /**
   * Holds a copy of values that a dropout changes and that others read unchanged, {@code [tokens,
   * width]}.
   */
  final Floats dropped = Floats.growing();

  /** Holds the gradient with respect to intermediate values of the current function. */
  final Floats inner = Floats.growing();

  /** Holds the gradient with respect to values computed before those of {@link #inner}. */
  final Floats innermost = Floats.growing();

  /** Holds attention scores of some heads of a row in bfloat16's products. */
  final Floats scores = Floats.growing();

  /** Holds the gradient with respect to the mixture of values, {@code [tokens, width]}. */
  final Floats dMixture = Floats.growing();

  /** Holds rows of a left factor in bfloat16. */
  final Floats leftFactor = Floats.growing();

  /** Holds rows of a right factor in bfloat16. */
  final Floats rightFactor = Floats.growing();

  /** Holds rows in the middle of a feed-forward layer in bfloat16. */
  final Floats wideFactor = Floats.growing();

  /** Holds the gradient with respect to {@link #wideFactor} or to its values before GELU. */
  final Floats wideGradient = Floats.growing();

  /** Holds the gradient of the current weights in bfloat16's products. */
  final Floats weightGradient = Floats.growing();

  /** Holds the gradient of the other weights of a feed-forward layer. */
  final Floats otherWeightGradient = Floats.growing();

  TokenBatch batch;
  Pass pass;

  CpuContext(EncoderShape shape, Kernels kernels, Precision precision) {
    this.shape = shape;
    this.kernels = kernels;
    OneDnn oneDnn = OneDnn.isAvailable() ? new OneDnn() : null;
    gemm = oneDnn == null ? new Gemm.Blas() : new OneDnnGemm(oneDnn);
    bfloat16 = isBfloat16(precision) && oneDnn != null ? new Bfloat16(oneDnn) : null;
    int8 = OneDnn.hasFastInt8() ? new Int8Dense.Shared(oneDnn, kernels.int8()) : null;
    EncoderLayout layout = EncoderLayout.of(shape);
    weights = new CpuParameters(layout);
    gradients = new CpuParameters(layout);
  }

  private static boolean isBfloat16(Precision precision) {
    return precision == Precision.BFLOAT16
        || (precision == Precision.AUTO && OneDnn.hasFastBfloat16());
  }

  /** Returns the name of what multiplies, for logs. */
  String products() {
    return bfloat16 == null ? gemm.name() : gemm.name() + " in bfloat16";
  }

  /** Returns whether dense layers round their factors to 8-bit integers in the current pass. */
  boolean quantizes() {
    return int8 != null && pass.int8();
  }

  /** Makes the computation of a dense layer. */
  CpuDense dense(String name) {
    return bfloat16 == null ? new CpuDense.OfFloats(this, name) : new Bfloat16Dense(this, name);
  }

  /** Makes the computation of a block's attention. */
  CpuSublayer.Attention attention(int block, MemoryPool<Floats> memory) {
    return bfloat16 == null
        ? new CpuAttention(this, block, memory)
        : new Bfloat16Attention(this, block, memory);
  }

  /** Makes the computation of a block's feed-forward layer. */
  CpuSublayer.Function feedForward(int block, MemoryPool<Floats> memory) {
    boolean gelu = shape.activation() == FeedForwardActivation.GELU;
    CpuSublayer.Function function =
        bfloat16 != null && gelu
            ? new Bfloat16FeedForward(this, block, memory)
            : new CpuFeedForward(this, block, memory);
    return int8 == null ? function : new Int8FeedForward(this, block, function);
  }

  /**
   * Returns a matrix at the start of memory that is followed by rows of 0, so that what reads whole
   * vectors of rows may read beyond the last one.
   */
  Matrix followedByZeros(Floats memory, int rows, int columns) {
    int slack = kernels.lanes() - 1;
    memory.matrix(rows + slack, columns).rows(rows, slack).clear();
    return memory.matrix(rows, columns);
  }

  /** Drops values of all tokens' vectors, in place. */
  void drop(Matrix x, Noise.Site site) {
    int[] indices = batch.indices();
    for (int token = 0; token < x.rows(); token++) {
      kernels.drop(x, token, indices[token] * x.columns(), site);
    }
  }

  /** Rounds a number of columns up to a whole number of vectors. */
  int padded(int columns) {
    int lanes = kernels.lanes();
    return (columns + lanes - 1) / lanes * lanes;
  }
}
