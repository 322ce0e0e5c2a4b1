package io.attune.neural.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attune.neural.cpu.CpuEncoder;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.encoder.EncoderBackend.Pass;
import io.attune.neural.encoder.Precision;
import io.attune.neural.onednn.OneDnn;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compares the encoders of Maven Central in 8-bit integers with the same in floats. */
class Int8ParityTest {
  static final List<MavenEncoder> ENCODERS = MavenEncoder.ALL;

  /** Holds the number of texts in a batch, of different lengths. */
  private static final int BATCH = 4;

  /** Holds the lowest cosine allowed between the vectors of a token. */
  private static final double TOKEN = 0.88;

  /** Holds the lowest mean cosine allowed. */
  private static final double MEAN = 0.995;

  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(OneDnn.hasFastInt8(), "this processor does not multiply 8-bit integers");
  }

  @ParameterizedTest
  @FieldSource("ENCODERS")
  void lastHiddenStateIsCloseToThatInFloats(MavenEncoder encoder) throws IOException {
    EncoderFolder opened = EncoderFolder.open(encoder);
    int[][] ids = EncoderParityTest.ids(opened);
    PretrainedEncoder whole = opened.read();
    PretrainedEncoder stem = whole.stem(whole.shape().blocks());
    float[][] expected = states(stem, Precision.FLOAT32, Pass.FROZEN, ids, BATCH);

    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.AUTO}) {
      float[][] found = states(stem, precision, Pass.INT8, ids, BATCH);
      float[][] alone = states(stem, precision, Pass.INT8, ids, 1);

      Closeness ofFloats = Closeness.of(found, expected, stem.shape().width());
      Closeness ofBatches = Closeness.of(found, alone, stem.shape().width());
      String which = "%s in %s: %s; alone %s".formatted(encoder, precision, ofFloats, ofBatches);
      assertThat(ofFloats.lowest()).as(which).isGreaterThan(TOKEN);
      assertThat(ofFloats.mean()).as(which).isGreaterThan(MEAN);
      assertThat(ofBatches.lowest()).as(which).isGreaterThan(0.999);
    }
  }

  private static float[][] states(
      PretrainedEncoder stem, Precision precision, Pass pass, int[][] ids, int batch) {
    CpuEncoder backend = new CpuEncoder(stem.shape(), Kernels.best(), precision);
    LastHiddenState state = new LastHiddenState(stem, backend, pass);
    float[][] states = new float[ids.length][];
    for (int from = 0; from < ids.length; from += batch) {
      int to = Math.min(from + batch, ids.length);
      float[][] some = state.of(Arrays.copyOfRange(ids, from, to));
      System.arraycopy(some, 0, states, from, some.length);
    }
    return states;
  }

  /** Holds cosines of the vectors of all tokens of all texts. */
  private record Closeness(double lowest, double mean) {
    static Closeness of(float[][] found, float[][] expected, int width) {
      double lowest = 1;
      double sum = 0;
      int count = 0;
      for (int row = 0; row < expected.length; row++) {
        assertThat(found[row]).hasSameSizeAs(expected[row]);
        for (int from = 0; from < expected[row].length; from += width) {
          double cosine = cosine(found[row], expected[row], from, from + width);
          lowest = Math.min(lowest, cosine);
          sum += cosine;
          count++;
        }
      }
      return new Closeness(lowest, sum / count);
    }

    private static double cosine(float[] a, float[] b, int from, int to) {
      double product = 0;
      double left = 0;
      double right = 0;
      for (int i = from; i < to; i++) {
        product += (double) a[i] * b[i];
        left += (double) a[i] * a[i];
        right += (double) b[i] * b[i];
      }
      return product / Math.sqrt(left * right);
    }
  }
}
