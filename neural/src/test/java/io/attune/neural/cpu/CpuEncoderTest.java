package io.attune.neural.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.Closeness;
import io.attune.neural.encoder.EncoderBackend;
import io.attune.neural.encoder.EncoderCase;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderTwin;
import io.attune.neural.encoder.FeedForwardActivation;
import io.attune.neural.encoder.MemoryPool;
import io.attune.neural.encoder.Norm;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.encoder.Precision;
import io.attune.neural.memory.Floats;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

class CpuEncoderTest {
  private static final int CASES = 40;

  @Test
  void agreesWithTheTwinOnPlainLoops() {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.random(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new CpuEncoder(given.shape(), new ScalarKernels()), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @Test
  void agreesWithTheTwinOnTheVectorApi() {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.aligned(seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new CpuEncoder(given.shape(), Kernels.vector().orElseThrow()), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinOnPlainLoops(EncoderShape.Part part) {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.part(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new CpuEncoder(given.shape(), new ScalarKernels()), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderShape.Part.class)
  void partsAgreeWithTheTwinOnTheVectorApi(EncoderShape.Part part) {
    for (long seed = 0; seed < CASES; seed++) {
      EncoderCase given = EncoderCase.alignedPart(part, seed);
      EncoderTwin.Result expected = given.twin();

      EncoderTwin.Result found =
          given.by(new CpuEncoder(given.shape(), Kernels.vector().orElseThrow()), DataType.FLOAT);

      Closeness.assertClose(found, expected, 1e-4, given);
    }
  }

  @Test
  void oneEncoderServesBatchesOfAnySizeInAnyOrder() {
    EncoderShape shape =
        EncoderShape.builder(EncoderShape.Part.WHOLE, 16)
            .vocabulary(20)
            .maxTokens(9)
            .blocks(2)
            .heads(2)
            .feedForward(16)
            .norm(Norm.PRE)
            .activation(FeedForwardActivation.GELU)
            .positions(Positions.LEARNED)
            .pooling(Pooling.ATTENTION)
            .build();
    CpuEncoder encoder = new CpuEncoder(shape, Kernels.vector().orElseThrow());
    for (long seed = 0; seed < 10; seed++) {
      EncoderCase given = EncoderCase.of(shape, seed);
      CpuEncoder fresh = new CpuEncoder(shape, Kernels.vector().orElseThrow());

      EncoderTwin.Result found = given.by(encoder, DataType.FLOAT);

      EncoderTwin.Result expected = given.by(fresh, DataType.FLOAT);
      assertThat(found.output()).isDeepEqualTo(expected.output());
      assertThat(found.gradient()).isEqualTo(expected.gradient());
    }
  }

  @Test
  void inferenceGivesWhatTrainingGivesWithoutDropout() {
    for (long seed = 0; seed < 20; seed++) {
      EncoderCase given = EncoderCase.aligned(seed);
      EncoderCase still = given.still();
      CpuEncoder encoder = new CpuEncoder(given.shape(), Kernels.vector().orElseThrow());

      double[][] inferred = still.outputBy(encoder, EncoderBackend.Pass.INFERENCE);

      assertThat(inferred).isDeepEqualTo(still.by(encoder, DataType.FLOAT).output());
    }
  }

  @Test
  void blocksShareMemoryUnlessTheirValuesAreKept() {
    AtomicInteger separate = new AtomicInteger();
    AtomicInteger shared = new AtomicInteger();
    for (int blocks : new int[] {3, 9}) {
      EncoderShape shape =
          EncoderShape.builder(EncoderShape.Part.STACK, 16).blocks(blocks).feedForward(16).build();
      CpuContext context = new CpuContext(shape, new ScalarKernels(), Precision.FLOAT32);
      separate.set(0);
      shared.set(0);

      new CpuStack(context, MemoryPool.separate(() -> counted(separate)));
      new CpuStack(context, MemoryPool.shared(() -> counted(shared)));

      assertThat(separate.get()).isGreaterThan(9 * blocks);
      assertThat(shared.get()).isLessThan(12);
    }
  }

  private static Floats counted(AtomicInteger count) {
    count.incrementAndGet();
    return Floats.growing();
  }
}
