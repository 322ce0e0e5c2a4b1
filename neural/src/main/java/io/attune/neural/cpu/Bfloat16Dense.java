package io.attune.neural.cpu;

import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import io.attune.neural.onednn.Operand;
import io.attune.neural.onednn.Product;
import io.attune.neural.onednn.Product.After;
import io.attune.neural.onednn.Type;

/** Computes a dense layer whose products are in bfloat16, with sums in floats. */
final class Bfloat16Dense implements CpuDense {
  private final CpuContext context;
  private final Bfloat16 bfloat16;
  private final OneDnn oneDnn;
  private final String weight;
  private final String bias;
  private final Floats packed = Floats.growing();
  private final Floats packedTranspose = Floats.growing();
  private final Int8Dense int8;

  /** Holds the address of the weights that are packed for frozen passes; 0 for others. */
  private long frozen;

  Bfloat16Dense(CpuContext context, String name) {
    this.context = context;
    bfloat16 = context.bfloat16;
    oneDnn = bfloat16.oneDnn;
    weight = name + ".weight";
    bias = name + ".bias";
    int8 = new Int8Dense(context, name);
  }

  /** Packs the weights as they are now; forward passes need it first. */
  void pack() {
    Matrix weights = context.weights.get(weight);
    if (context.pass.frozen() && weights.address() == frozen) {
      return;
    }
    frozen = context.pass.frozen() ? weights.address() : 0;
    if (context.pass.keeps()) {
      bfloat16.pack(weights, packed, packedTranspose);
    } else {
      bfloat16.pack(weights, packed);
    }
  }

  @Override
  public void forward(Matrix x, Matrix out) {
    if (context.quantizes()) {
      int8.forwardOnto(x, null, out);
      return;
    }
    pack();
    forward(x, out, out, After.NOTHING);
  }

  @Override
  public void forwardOnto(Matrix x, Matrix residual, Matrix out) {
    if (context.quantizes()) {
      int8.forwardOnto(x, residual, out);
      return;
    }
    pack();
    forward(x, residual == null ? out : residual, out, after(residual, out));
  }

  /** Returns how a residual is added; null is none. */
  static After after(Matrix residual, Matrix out) {
    if (residual == null) {
      return After.NOTHING;
    }
    return residual.address() == out.address() ? After.ACCUMULATE : After.ADD;
  }

  /** Returns how the piece that starts at a row is added to those before. */
  static After afterFirst(int row) {
    return row == 0 ? After.NOTHING : After.ACCUMULATE;
  }

  private void forward(Matrix x, Matrix residual, Matrix out, After after) {
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      apply(left, residual.rows(from, count), out.rows(from, count), after);
    }
  }

  /** Computes x W + b into an address, in bfloat16. */
  void forward(Matrix x, long out) {
    if (context.quantizes()) {
      int8.forward(x, out);
      return;
    }
    pack();
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      apply(left, count, out + place(from, columns()), After.NOTHING);
    }
  }

  /**
   * Computes out = residual + x W + b.
   *
   * @param x address of rows in bfloat16
   * @param residual may be {@code out}; null for 0
   */
  void forwardOnto(long x, Matrix residual, Matrix out) {
    if (context.quantizes()) {
      int8.forwardOnto(x, residual, out);
      return;
    }
    pack();
    After after = after(residual, out);
    Matrix added = residual == null ? out : residual;
    int inner = context.weights.get(weight).rows();
    int count;
    for (int from = 0; from < out.rows(); from += count) {
      count = Bfloat16.piece(out.rows() - from);
      apply(x + place(from, inner), added.rows(from, count), out.rows(from, count), after);
    }
  }

  /** Returns where a row starts, in bytes. */
  private static long place(int row, int columns) {
    return (long) row * columns * Short.BYTES;
  }

  /**
   * Computes one piece.
   *
   * @param left address of its rows in bfloat16
   */
  void apply(long left, Matrix residual, Matrix out, After after) {
    Matrix weights = context.weights.get(weight);
    oneDnn
        .product(
            product(out.rows(), weights.rows(), weights.columns()).packed().withBias().then(after))
        .run(left, packed.address(), out.address(), biasAddress(), residual.address());
  }

  /** Computes one piece with the result in bfloat16 too. */
  void apply(long left, int rows, long out, After after) {
    Matrix weights = context.weights.get(weight);
    oneDnn
        .product(
            product(rows, weights.rows(), weights.columns())
                .packed()
                .result(Operand.byRows(Type.BFLOAT16, weights.columns()))
                .withBias()
                .then(after))
        .run(left, packed.address(), out, biasAddress());
  }

  private static Product product(int rows, int inner, int columns) {
    return Product.of(rows, inner, columns).left(Operand.byRows(Type.BFLOAT16, inner));
  }

  private long biasAddress() {
    return context.weights.row(bias).address();
  }

  @Override
  public void backwardOfProduct(Matrix x, Matrix dOut, Matrix dX) {
    int count;
    for (int from = 0; from < x.rows(); from += count) {
      count = Bfloat16.piece(x.rows() - from);
      long right = bfloat16.convert(dOut.rows(from, count), context.rightFactor);
      long left = bfloat16.convert(x.rows(from, count), context.leftFactor);
      sumWeightGradient(left, right, count, context.weightGradient, afterFirst(from));
      inputGradient(right, dX.rows(from, count));
    }
    writeWeightGradient(context.weightGradient);
  }

  @Override
  public void addBiasGradient(Matrix dOut) {
    context.kernels.addColumnSums(dOut, context.gradients.row(bias));
  }

  /** Adds to the gradient of the bias, given one piece in bfloat16. */
  void addBiasGradient(long dOut, int rows) {
    Matrix sums = context.gradients.row(bias);
    oneDnn
        .product(
            product(1, rows, sums.columns())
                .right(Operand.byRows(Type.BFLOAT16, sums.columns()))
                .then(After.ACCUMULATE))
        .run(bfloat16.ones(rows), dOut, sums.address());
  }

  /**
   * Adds up the gradient of the weights, given one piece in bfloat16; {@link #writeWeightGradient}
   * ends it.
   *
   * @param sums memory that stays in a cache, which that of all gradients would not
   * @param after {@link After#NOTHING} for the first piece
   */
  void sumWeightGradient(long x, long dOut, int rows, Floats sums, After after) {
    Matrix weights = context.weights.get(weight);
    Matrix sum = sums.matrix(weights.rows(), weights.columns());
    oneDnn
        .product(
            Product.of(sum.rows(), rows, sum.columns())
                .left(Operand.transposed(Type.BFLOAT16, sum.rows()))
                .right(Operand.byRows(Type.BFLOAT16, sum.columns()))
                .then(after))
        .run(x, dOut, sum.address());
  }

  /** Sets the gradient of the weights, to which nothing else contributes. */
  void writeWeightGradient(Floats sums) {
    Matrix gradient = context.gradients.get(weight);
    sums.matrix(gradient.rows(), gradient.columns()).copyTo(gradient);
  }

  /** Computes the gradient with respect to the input of one piece. */
  void inputGradient(long dOut, Matrix dX) {
    oneDnn
        .product(product(dX.rows(), columns(), dX.columns()).packed())
        .run(dOut, packedTranspose.address(), dX.address());
  }

  /** Computes the gradient with respect to the input of one piece, in bfloat16 too. */
  void inputGradient(long dOut, int rows, long dX) {
    int width = context.weights.get(weight).rows();
    oneDnn
        .product(
            product(rows, columns(), width).packed().result(Operand.byRows(Type.BFLOAT16, width)))
        .run(dOut, packedTranspose.address(), dX);
  }

  private int columns() {
    return context.weights.get(weight).columns();
  }
}
