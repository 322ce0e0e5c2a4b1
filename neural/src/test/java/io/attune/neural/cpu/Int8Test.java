package io.attune.neural.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.EncoderCase;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Precision;
import io.attune.neural.memory.Floats;
import io.attune.neural.memory.Matrix;
import io.attune.neural.onednn.OneDnn;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class Int8Test {
  /**
   * Holds the error allowed: factors are rounded to 1 / 254 of their largest, block after block.
   */
  private static final double TOLERANCE = 0.25;

  private static final int WIDTH = 96;
  private static final List<Kernels> KERNELS =
      List.of(new ScalarKernels(), Kernels.vector().orElseThrow());

  private final Random random = new Random(1);

  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(OneDnn.hasFastInt8(), "this processor does not multiply 8-bit integers");
  }

  private static List<Precision> precisions() {
    return OneDnn.hasFastBfloat16()
        ? List.of(Precision.FLOAT32, Precision.BFLOAT16)
        : List.of(Precision.FLOAT32);
  }

  private static CpuEncoder encoder(EncoderShape shape, Precision precision) {
    return new CpuEncoder(shape, Kernels.vector().orElseThrow(), precision);
  }

  private Matrix random(int rows, int columns) {
    Matrix matrix = Floats.growing().matrix(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian());
      }
    }
    return matrix;
  }

  private static double rounded(double value, double step) {
    return Math.rint(value / step) * step;
  }

  /** Returns the 254th part of the range of a row, 0 included. */
  private static double stepOfRow(Matrix values, int row) {
    double smallest = 0;
    double largest = 0;
    for (int c = 0; c < values.columns(); c++) {
      smallest = Math.min(smallest, values.get(row, c));
      largest = Math.max(largest, values.get(row, c));
    }
    return (largest - smallest) / 254;
  }

  /** Returns the 127th part of the largest magnitude of a column. */
  private static double stepOfColumn(Matrix values, int column) {
    double largest = 0;
    for (int r = 0; r < values.rows(); r++) {
      largest = Math.max(largest, Math.abs(values.get(r, column)));
    }
    return largest / 127;
  }

  @Test
  void denseLayerIsTheProductOfItsRoundedFactors() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.STACK, WIDTH)
            .maxTokens(8)
            .blocks(1)
            .heads(4)
            .feedForward(160)
            .build();
    String name = EncoderLayout.feedForward(0) + ".in";
    for (Kernels kernels : KERNELS) {
      CpuContext context = new CpuContext(shape, kernels, Precision.FLOAT32);
      context.weights.view(Nd4j.randn(EncoderLayout.of(shape).length()));
      Matrix weights = context.weights.get(name + ".weight");
      Matrix bias = context.weights.row(name + ".bias");
      Matrix x = random(150, WIDTH); // in pieces of several sizes
      Matrix residual = random(x.rows(), weights.columns());
      Matrix out = random(x.rows(), weights.columns());

      new Int8Dense(context, name).forwardOnto(x, residual, out);

      for (int r = 0; r < x.rows(); r++) {
        double ofRow = stepOfRow(x, r);
        for (int c = 0; c < weights.columns(); c += 7) {
          double ofColumn = stepOfColumn(weights, c);
          double expected = residual.get(r, c) + bias.get(0, c);
          for (int k = 0; k < WIDTH; k++) {
            expected += rounded(x.get(r, k), ofRow) * rounded(weights.get(k, c), ofColumn);
          }
          // A number that lies between two whole ones may be rounded to either.
          assertThat((double) out.get(r, c)).isCloseTo(expected, within(130 * ofRow * ofColumn));
        }
      }
    }
  }

  @Test
  void encoderAgreesWithFloatsToTheRoundingOfFactors() {
    for (Precision precision : precisions()) {
      for (long seed = 0; seed < 40; seed++) {
        EncoderCase given = EncoderCase.aligned(seed).still();
        double[][] expected =
            given.outputBy(encoder(given.shape(), Precision.FLOAT32), Pass.FROZEN);

        double[][] found = given.outputBy(encoder(given.shape(), precision), Pass.INT8);

        assertClose(found, expected, TOLERANCE, given.shape());
      }
    }
  }

  private static void assertClose(
      double[][] found, double[][] expected, double tolerance, Object what) {
    for (int row = 0; row < expected.length; row++) {
      double largest = 1;
      for (double value : expected[row]) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (int i = 0; i < expected[row].length; i++) {
        assertThat(found[row][i] / largest)
            .as("%s", what)
            .isCloseTo(expected[row][i] / largest, within(tolerance));
      }
    }
  }

  @Test
  void otherPassesAreAsBefore() {
    for (Precision precision : precisions()) {
      for (long seed = 0; seed < 10; seed++) {
        EncoderCase given = EncoderCase.aligned(seed).still();
        double[][] expected = given.outputBy(encoder(given.shape(), precision), Pass.FROZEN);
        CpuEncoder encoder = encoder(given.shape(), precision);

        double[][] first = given.outputBy(encoder, Pass.INT8);
        double[][] frozen = given.outputBy(encoder, Pass.FROZEN);
        double[][] traced = given.outputBy(encoder, Pass.TRACE);
        double[][] second = given.outputBy(encoder, Pass.INT8);

        assertThat(frozen).isDeepEqualTo(expected);
        assertClose(traced, expected, 0.08, given.shape());
        assertThat(second).isDeepEqualTo(first);
      }
    }
  }
}
