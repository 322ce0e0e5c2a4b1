package io.attune.neural.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.Closeness;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderCase;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderTwin;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Noise;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class Nd4jEncoderTest {
  private static final int CASES = 60;

  @Test
  void agreesWithTheTwinInDoublePrecision() {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.random(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new Nd4jEncoder(given.shape(), DataType.DOUBLE), DataType.DOUBLE);

      Closeness.assertClose(found, expected, 1e-8, given);
    }
  }

  @Test
  void agreesWithTheTwinInSinglePrecision() {
    for (long seed = 100; seed < 100 + CASES; seed++) {
      EncoderCase given = EncoderCase.random(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new Nd4jEncoder(given.shape(), DataType.FLOAT), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinInDoublePrecision(EncoderShape.Part part) {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.part(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new Nd4jEncoder(given.shape(), DataType.DOUBLE), DataType.DOUBLE);

      Closeness.assertClose(found, expected, 1e-8, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinInSinglePrecision(EncoderShape.Part part) {
    for (long seed = 100; seed < 100 + CASES; seed++) {
      EncoderCase given = EncoderCase.part(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new Nd4jEncoder(given.shape(), DataType.FLOAT), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @Test
  void oneEncoderServesBatchesOfAnySizeInAnyOrder() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 16)
            .vocabulary(20)
            .maxTokens(90)
            .blocks(2)
            .heads(2)
            .feedForward(16)
            .norm(Norm.PRE)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .pooling(Pooling.ATTENTION)
            .build();
    Nd4jEncoder encoder = new Nd4jEncoder(shape, DataType.FLOAT);
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase given = EncoderCase.of(shape, seed);
      Nd4jEncoder fresh = new Nd4jEncoder(shape, DataType.FLOAT);

      EncoderTwin.Result found = given.by(encoder, DataType.FLOAT);

      EncoderTwin.Result expected = given.by(fresh, DataType.FLOAT);
      assertThat(found.output()).isDeepEqualTo(expected.output());
      assertThat(found.gradient()).isEqualTo(expected.gradient());
    }
  }

  @Test
  void inferenceGivesWhatTrainingGivesWithoutDropout() {
    for (long seed = 0; seed < 20; seed++) {
      EncoderCase still = EncoderCase.random(seed).still();
      Nd4jEncoder encoder = new Nd4jEncoder(still.shape(), DataType.FLOAT);

      double[][] inferred = still.outputBy(encoder, EncoderBackend.Pass.INFERENCE);

      assertThat(inferred).isDeepEqualTo(still.by(encoder, DataType.FLOAT).output());
    }
  }

  @Test
  void longRowsOfAllLengthsAgreeWithTheTwin() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 4)
            .vocabulary(9)
            .maxTokens(150)
            .blocks(1)
            .heads(2)
            .feedForward(4)
            .norm(Norm.PRE)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .pooling(Pooling.ATTENTION)
            .build();
    Noise noise = Noise.of(EncoderCase.DROPOUT, 3, 7, 13);
    EncoderCase given = EncoderCase.of(shape, noise, 20, 150, new Random(5));

    EncoderTwin.Result found = given.by(new Nd4jEncoder(shape, DataType.DOUBLE), DataType.DOUBLE);

    Closeness.assertClose(found, given.twin(), 1e-8, given);
  }

  @Test
  void casesCoverEveryChoice() {
    assertThat(
            java.util.stream.LongStream.range(0, CASES)
                .mapToObj(EncoderCase::random)
                .map(
                    c -> c.shape().norm() + "/" + c.shape().positions() + "/" + c.shape().pooling())
                .distinct())
        .hasSize(18);
  }

  @Test
  void casesCoverEveryNormalisation() {
    assertThat(
            java.util.stream.LongStream.range(0, CASES)
                .mapToObj(EncoderCase::random)
                .map(c -> c.shape())
                .map(s -> s.norm() + "/" + s.embeddingNorm() + "/" + (s.normEpsilon() < 1e-9))
                .distinct())
        .hasSize(8);
  }

  @Test
  void blocksShareMemoryUnlessTheirValuesAreKept() {
    AtomicInteger separate = new AtomicInteger();
    AtomicInteger shared = new AtomicInteger();
    for (int blocks : new int[] {3, 9}) {
      EncoderShape shape =
          EncoderShape.builder(EncoderShape.Part.STACK, 16).blocks(blocks).feedForward(16).build();
      Nd4jContext context = new Nd4jContext(shape, DataType.FLOAT);
      separate.set(0);
      shared.set(0);

      new Nd4jStack(context, MemoryPool.separate(() -> counted(separate, context)));
      new Nd4jStack(context, MemoryPool.shared(() -> counted(shared, context)));

      assertThat(separate.get()).isGreaterThan(20 * blocks);
      assertThat(shared.get()).isLessThan(24);
    }
  }

  private static GrowingArray counted(AtomicInteger count, Nd4jContext context) {
    count.incrementAndGet();
    return context.memory();
  }
}
