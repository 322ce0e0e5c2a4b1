package io.attune.neural.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attune.neural.encoder.Closeness;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderCase;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderTwin;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.Precision;
import io.attune.neural.onednn.OneDnn;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class Bfloat16Test {
  /** Holds the error allowed: factors are rounded to 1 / 256, some ten times in a row. */
  private static final double TOLERANCE = 0.08;

  @BeforeEach
  void needsTheProcessor() {
    assumeTrue(OneDnn.hasFastBfloat16(), "this processor does not multiply bfloat16");
  }

  private static CpuEncoder encoder(EncoderCase given) {
    return new CpuEncoder(given.shape(), Kernels.vector().orElseThrow(), Precision.BFLOAT16);
  }

  @Test
  void agreesWithTheTwinToTheRoundingOfFactors() {
    for (long seed = 0; seed < 60; seed++) {
      EncoderCase given = EncoderCase.aligned(seed);
      if (given.shape().activation() == FeedForwardActivation.RELU) {
        continue; // Near 0, rounding changes its derivative from 0 to 1.
      }
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found = given.by(encoder(given), DataType.FLOAT);

      Closeness.assertClose(found, expected, TOLERANCE, given);
    }
  }

  @Test
  void agreesWithFloatsOnRowsWhoseHeadsAreComputedInGroups() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 48)
            .vocabulary(50)
            .maxTokens(320)
            .blocks(2)
            .heads(6)
            .feedForward(64)
            .positions(Positions.LEARNED)
            .build();
    int longest = 0;
    for (long seed = 0; seed < 6; seed++) {
      EncoderCase given = EncoderCase.of(shape, seed);
      longest = Math.max(longest, given.tokens()[0].length);
      CpuEncoder floats = new CpuEncoder(shape, Kernels.vector().orElseThrow());

      EncoderTwin.Result found = given.by(encoder(given), DataType.FLOAT);

      Closeness.assertClose(found, given.by(floats, DataType.FLOAT), TOLERANCE, given);
    }
    assertThat(longest).isGreaterThan(200);
  }

  @Test
  void tracesTheWeightsThatFloatsGive() {
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase still = EncoderCase.aligned(seed).still();
      CpuEncoder floats = new CpuEncoder(still.shape(), Kernels.vector().orElseThrow());
      CpuEncoder encoder = encoder(still);
      still.outputBy(floats, EncoderBackend.Pass.TRACE);
      still.outputBy(encoder, EncoderBackend.Pass.TRACE);

      List<float[][][][]> expected = floats.attention().blocks();
      List<float[][][][]> found = encoder.attention().blocks();

      assertThat(found).hasSameSizeAs(expected);
      for (int block = 0; block < expected.size(); block++) {
        for (int row = 0; row < expected.get(block).length; row++) {
          for (int head = 0; head < expected.get(block)[row].length; head++) {
            for (int query = 0; query < expected.get(block)[row][head].length; query++) {
              assertThat(found.get(block)[row][head][query])
                  .usingComparatorWithPrecision((float) TOLERANCE)
                  .containsExactly(expected.get(block)[row][head][query]);
            }
          }
        }
      }
    }
  }

  @Test
  void repeatsItselfToTheBit() {
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase given = EncoderCase.aligned(seed);
      CpuEncoder encoder = encoder(given);
      EncoderTwin.Result first = given.by(encoder, DataType.FLOAT);
      EncoderCase.aligned(seed + 1);

      EncoderTwin.Result second = given.by(encoder, DataType.FLOAT);
      EncoderTwin.Result fresh = given.by(encoder(given), DataType.FLOAT);

      assertThat(second.output()).isDeepEqualTo(first.output());
      assertThat(second.gradient()).isEqualTo(first.gradient());
      assertThat(fresh.gradient()).isEqualTo(first.gradient());
    }
  }

  @Test
  void inferenceIsCloseToTrainingWithoutDropout() {
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase still = EncoderCase.aligned(seed).still();
      CpuEncoder encoder = encoder(still);

      double[][] inferred = still.outputBy(encoder, EncoderBackend.Pass.INFERENCE);

      double[][] trained = still.by(encoder, DataType.FLOAT).output();
      for (int row = 0; row < trained.length; row++) {
        for (int i = 0; i < trained[row].length; i++) {
          assertThat(inferred[row][i]).isCloseTo(trained[row][i], within());
        }
      }
    }
  }

  @Test
  void frozenPassesGiveWhatInferenceGives() {
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase still = EncoderCase.aligned(seed).still();
      double[][] expected = still.outputBy(encoder(still), EncoderBackend.Pass.INFERENCE);
      CpuEncoder encoder = encoder(still);

      double[][] first = still.outputBy(encoder, EncoderBackend.Pass.FROZEN);
      double[][] between = still.outputBy(encoder, EncoderBackend.Pass.INFERENCE);
      double[][] second = still.outputBy(encoder, EncoderBackend.Pass.FROZEN);

      assertThat(first).isDeepEqualTo(expected);
      assertThat(between).isDeepEqualTo(expected);
      assertThat(second).isDeepEqualTo(expected);
    }
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(TOLERANCE);
  }

  @Test
  void piecesCoverAllRowsInFewSizes() {
    for (int rows = 1; rows < 1000; rows++) {
      int left = rows;
      while (left > 0) {
        int piece = Bfloat16.piece(left);
        assertThat(piece).isBetween(1, left);
        assertThat(piece < 32 || Integer.bitCount(piece) == 1).isTrue();
        left -= piece;
      }
    }
  }
}
