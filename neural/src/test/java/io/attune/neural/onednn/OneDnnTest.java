package io.attune.neural.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attune.neural.onednn.Product.After;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnTest {
  private static final int ROWS = 5;
  private static final int INNER = 7;
  private static final int COLUMNS = 3;

  private final Random random = new Random(1);

  @BeforeEach
  void needsTheLibrary() {
    assumeTrue(OneDnn.isAvailable(), "oneDNN does not run on this machine");
  }

  private FloatPointer random(int count) {
    FloatPointer values = new FloatPointer(count);
    for (int i = 0; i < count; i++) {
      values.put(i, (float) random.nextGaussian());
    }
    return values;
  }

  private static float product(FloatPointer left, FloatPointer right, int row, int column) {
    float sum = 0;
    for (int i = 0; i < INNER; i++) {
      sum += left.get(row * INNER + i) * right.get(i * COLUMNS + column);
    }
    return sum;
  }

  @Test
  void multipliesAndAppliesWhatFollows() {
    for (After after : After.values()) {
      FloatPointer left = random(ROWS * INNER);
      FloatPointer right = random(INNER * COLUMNS);
      FloatPointer bias = random(COLUMNS);
      FloatPointer added = random(ROWS * COLUMNS);
      FloatPointer result = random(ROWS * COLUMNS);
      float[] before = new float[ROWS * COLUMNS];
      result.get(before);

      new OneDnn()
          .product(Product.of(ROWS, INNER, COLUMNS).withBias().then(after))
          .run(left.address(), right.address(), result.address(), bias.address(), added.address());

      for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
          int i = row * COLUMNS + column;
          float x = product(left, right, row, column) + bias.get(column);
          float expected =
              switch (after) {
                case NOTHING -> x;
                case ACCUMULATE -> before[i] + x;
                case ADD -> added.get(i) + x;
                case GELU -> gelu(x);
              };
          assertThat(result.get(i)).as("%s at %d", after, i).isCloseTo(expected, within(1e-5f));
        }
      }
    }
  }

  /** Computes GELU with the error function by its series. */
  private static float gelu(double x) {
    double term = x / Math.sqrt(2);
    double square = term * term;
    double sum = 0;
    for (int n = 0; n < 60; n++) {
      sum += term / (2 * n + 1);
      term *= -square / (n + 1);
    }
    return (float) (x / 2 * (1 + 2 / Math.sqrt(Math.PI) * sum));
  }

  @Test
  void multipliesManyAtOnceInPlaceAndScales() {
    int count = 4;
    FloatPointer left = random(ROWS * count * INNER); // side by side
    FloatPointer right = random(count * INNER * COLUMNS); // one after the other
    FloatPointer result = new FloatPointer((long) count * ROWS * COLUMNS);

    new OneDnn()
        .product(
            Product.of(ROWS, INNER, COLUMNS)
                .times(count)
                .left(Operand.byRows(Type.FLOAT32, count * INNER).every(INNER))
                .right(Operand.byRows(Type.FLOAT32, COLUMNS).every(INNER * COLUMNS))
                .result(Operand.byRows(Type.FLOAT32, COLUMNS).every(ROWS * COLUMNS))
                .scaled(0.5f))
        .run(left.address(), right.address(), result.address());

    for (int i = 0; i < count * ROWS * COLUMNS; i++) {
      int matrix = i / (ROWS * COLUMNS);
      int row = i / COLUMNS % ROWS;
      float sum = 0;
      for (int k = 0; k < INNER; k++) {
        sum +=
            left.get(row * count * INNER + matrix * INNER + k)
                * right.get((matrix * INNER + k) * COLUMNS + i % COLUMNS);
      }
      assertThat(result.get(i)).isCloseTo(sum / 2, within(1e-5f));
    }
  }

  @Test
  void multipliesPackedBfloat16() {
    assumeTrue(OneDnn.hasFastBfloat16(), "this processor does not multiply bfloat16");
    OneDnn oneDnn = new OneDnn();
    FloatPointer left = random(ROWS * INNER);
    FloatPointer right = random(INNER * COLUMNS);
    FloatPointer result = new FloatPointer((long) ROWS * COLUMNS);
    ShortPointer rounded = new ShortPointer((long) ROWS * INNER);
    ShortPointer packed = new ShortPointer(oneDnn.packedBytes(INNER, COLUMNS, Type.BFLOAT16));
    oneDnn
        .convert(
            ROWS, INNER, Operand.byRows(Type.FLOAT32, INNER), Operand.byRows(Type.BFLOAT16, INNER))
        .run(left.address(), rounded.address());
    oneDnn
        .pack(INNER, COLUMNS, Operand.byRows(Type.FLOAT32, COLUMNS))
        .run(right.address(), packed.address());

    oneDnn
        .product(
            Product.of(ROWS, INNER, COLUMNS).left(Operand.byRows(Type.BFLOAT16, INNER)).packed())
        .run(rounded.address(), packed.address(), result.address());

    for (int i = 0; i < ROWS * COLUMNS; i++) {
      assertThat(result.get(i))
          .isCloseTo(product(left, right, i / COLUMNS, i % COLUMNS), within(0.05f));
    }
  }

  @Test
  void multipliesPackedIntegersExactly() {
    assumeTrue(OneDnn.hasFastInt8(), "this processor does not multiply 8-bit integers");
    int inner = 700; // sums are above what 16 bits hold
    OneDnn oneDnn = new OneDnn();
    byte[] left = new byte[ROWS * inner];
    byte[] right = new byte[inner * COLUMNS];
    random.nextBytes(left);
    random.nextBytes(right);
    left[0] = (byte) 255;
    right[0] = -128;
    IntPointer result = new IntPointer((long) ROWS * COLUMNS);
    BytePointer packed = new BytePointer(oneDnn.packedBytes(inner, COLUMNS, Type.INT8));
    oneDnn
        .pack(inner, COLUMNS, Operand.byRows(Type.INT8, COLUMNS))
        .run(new BytePointer(right).address(), packed.address());

    oneDnn
        .product(
            Product.of(ROWS, inner, COLUMNS)
                .left(Operand.byRows(Type.UINT8, inner))
                .packed()
                .result(Operand.byRows(Type.INT32, COLUMNS)))
        .run(new BytePointer(left).address(), packed.address(), result.address());

    for (int i = 0; i < ROWS * COLUMNS; i++) {
      int sum = 0;
      for (int k = 0; k < inner; k++) {
        sum += Byte.toUnsignedInt(left[i / COLUMNS * inner + k]) * right[k * COLUMNS + i % COLUMNS];
      }
      assertThat(result.get(i)).isEqualTo(sum);
    }
  }

  @Test
  void computesTheGradientOfGelu() {
    FloatPointer x = random(ROWS * COLUMNS);
    FloatPointer gradient = random(ROWS * COLUMNS);
    FloatPointer result = new FloatPointer((long) ROWS * COLUMNS);

    new OneDnn()
        .geluBackward(ROWS, COLUMNS, Type.FLOAT32)
        .run(x.address(), gradient.address(), result.address());

    for (int i = 0; i < ROWS * COLUMNS; i++) {
      double slope = (gelu(x.get(i) + 1e-3) - gelu(x.get(i) - 1e-3)) / 2e-3;
      assertThat(result.get(i)).isCloseTo((float) (gradient.get(i) * slope), within(1e-3f));
    }
  }

  @Test
  void keepsALimitedNumberOfOperations() {
    OneDnn oneDnn = new OneDnn();
    FloatPointer left = random(1000);
    FloatPointer right = random(1);
    FloatPointer result = new FloatPointer(1000);

    for (int rows = 1; rows <= 500; rows++) {
      oneDnn.product(Product.of(rows, 1, 1)).run(left.address(), right.address(), result.address());
    }
    oneDnn.product(Product.of(1, 1, 1)).run(left.address(), right.address(), result.address());

    assertThat(result.get(0)).isCloseTo(left.get(0) * right.get(0), within(1e-6f));
  }
}
