package io.attune.neural.int8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.cpu.Kernels;
import io.attune.neural.int8.Int8Kernels.Columns;
import io.attune.neural.int8.Int8Kernels.Sums;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8KernelsTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 48;
  private static final List<Int8Kernels> BOTH =
      List.of(new ScalarInt8Kernels(), Kernels.vector().orElseThrow().int8());

  private final Random random = new Random(1);

  private Matrix random(int rows) {
    Matrix matrix = Floats.growing().matrix(rows, COLUMNS);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        matrix.set(r, c, (float) (random.nextGaussian() * Math.pow(10, r - 2)));
      }
    }
    return matrix;
  }

  private Matrix wholeNumbers(int rows, int bound) {
    Matrix matrix = Floats.growing().matrix(rows, COLUMNS);
    for (int i = 0; i < rows * COLUMNS; i++) {
      matrix.data().bytes().putInt(i * Integer.BYTES, random.nextInt(2 * bound) - bound);
    }
    return matrix;
  }

  private static int whole(Int8Rows rows, int row, int column) {
    return Byte.toUnsignedInt(rows.bytes.bytes().get(row * COLUMNS + column)) - rows.zeros[row];
  }

  @Test
  void roundedRowsAreWithinHalfAStepOfTheirFloats() {
    for (Int8Kernels kernels : BOTH) {
      Matrix x = random(ROWS);
      Int8Rows rows = new Int8Rows().ofWidth(COLUMNS);

      kernels.quantize(x, rows, 0);

      for (int r = 0; r < ROWS; r++) {
        float step = rows.scales[r];
        int smallest = 0;
        int largest = 0;
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(whole(rows, r, c) * step).isCloseTo(x.get(r, c), within(0.5001f * step));
          smallest = Math.min(smallest, whole(rows, r, c));
          largest = Math.max(largest, whole(rows, r, c));
        }
        assertThat(largest - smallest).isBetween(Int8Kernels.STEPS - 1, Int8Kernels.STEPS + 1);
      }
    }
  }

  @Test
  void bothRoundAlikeToTheBitFromAnyRowOn() {
    Matrix x = random(2 * ROWS);
    Int8Rows plain = new Int8Rows().ofWidth(COLUMNS);
    Int8Rows vectors = new Int8Rows().ofWidth(COLUMNS);

    BOTH.get(0).quantize(x, plain, 0);
    BOTH.get(1).quantize(x.rows(0, ROWS), vectors, 0);
    BOTH.get(1).quantize(x.rows(ROWS, ROWS), vectors, ROWS);

    assertThat(vectors.scales).isEqualTo(plain.scales);
    assertThat(vectors.zeros).isEqualTo(plain.zeros);
    for (int r = 0; r < 2 * ROWS; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        assertThat(whole(vectors, r, c)).isEqualTo(whole(plain, r, c));
      }
    }
  }

  @Test
  void valuesOfOneSignHaveAllSteps() {
    for (Int8Kernels kernels : BOTH) {
      for (int sign : new int[] {-1, 1}) {
        Matrix x = random(1);
        for (int c = 0; c < COLUMNS; c++) {
          x.set(0, c, sign * (1 + Math.abs(x.get(0, c))));
        }
        Int8Rows rows = new Int8Rows().ofWidth(COLUMNS);

        kernels.quantize(x, rows, 0);

        assertThat(rows.zeros[0]).isEqualTo(sign < 0 ? Int8Kernels.STEPS : 0);
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(whole(rows, 0, c) * rows.scales[0])
              .isCloseTo(x.get(0, c), within(0.5001f * rows.scales[0]));
        }
      }
    }
  }

  @Test
  void rowOfZerosStaysZero() {
    for (Int8Kernels kernels : BOTH) {
      Matrix x = random(1);
      x.clear();
      Int8Rows rows = new Int8Rows().ofWidth(COLUMNS);

      kernels.quantize(x, rows, 0);

      assertThat(rows.scales[0]).isZero();
      assertThat(whole(rows, 0, 7)).isZero();
    }
  }

  @Test
  void scaleOfARowThatIsNotFiniteIsNotFinite() {
    for (Int8Kernels kernels : BOTH) {
      for (float value :
          new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        Matrix x = random(1);
        x.set(0, 9, value);
        Int8Rows rows = new Int8Rows().ofWidth(COLUMNS);

        kernels.quantize(x, rows, 0);

        assertThat(Float.isFinite(rows.scales[0])).isFalse();
      }
    }
  }

  @Test
  void sumsBecomeFloatsInTheirOwnMemoryOrOntoOthers() {
    for (Int8Kernels kernels : BOTH) {
      Int8Rows rows = new Int8Rows().ofWidth(COLUMNS);
      kernels.quantize(random(ROWS), rows, 0);
      Columns columns = new Columns(random(1), wholeNumbers(1, 1000), random(1));
      Matrix numbers = wholeNumbers(2, 1_000_000);
      double[][] expected = new double[2][COLUMNS];
      for (int r = 0; r < 2; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          int ofZero =
              rows.zeros[2 + r] * columns.totals().data().bytes().getInt(c * Integer.BYTES);
          int sum = numbers.data().bytes().getInt((r * COLUMNS + c) * Integer.BYTES) - ofZero;
          double scale = (double) rows.scales[2 + r] * columns.scales().get(0, c);
          expected[r][c] = scale * sum + columns.bias().get(0, c);
        }
      }
      Matrix added = random(2);
      Matrix out = Floats.growing().matrix(2, COLUMNS);
      added.copyTo(out);
      Sums sums = new Sums(numbers, rows, 2);

      kernels.addDequantized(sums, columns, out);
      kernels.dequantize(sums, columns, numbers);

      for (int r = 0; r < 2; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          double size = 1 + Math.abs(expected[r][c]);
          assertThat(numbers.get(r, c) / size).isCloseTo(expected[r][c] / size, within(1e-5));
          assertThat(out.get(r, c) / size)
              .isCloseTo((added.get(r, c) + expected[r][c]) / size, within(1e-5));
        }
      }
    }
  }
}
