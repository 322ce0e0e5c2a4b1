package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.network.ModelConfig.Tune;
import org.junit.jupiter.api.Test;

class TuningMemoryTest {
  /** 4 blocks of 100 parameters in an encoder of 1,000, 6 copies, 50 bytes a token and block. */
  private static final TuningMemory MEMORY = new TuningMemory(4, 1000, 100, 6, 50);

  @Test
  void addsParametersTheirCopiesAndWhatABackwardPassNeeds() {
    assertThat(MEMORY.bytes(0, 10)).isEqualTo(4 * 1000);
    assertThat(MEMORY.bytes(2, 10)).isEqualTo(4 * (1000 + 6 * 200) + 2 * 10 * 50);
  }

  @Test
  void findsTheLargestMinibatchAndTheMostBlocksThatFit() {
    double allowed = MEMORY.bytes(2, 10);

    assertThat(MEMORY.tokens(2, allowed)).isEqualTo(10);
    assertThat(MEMORY.tokens(4, allowed)).isZero();
    assertThat(MEMORY.blocks(10, allowed)).isEqualTo(2);
    assertThat(MEMORY.blocks(10, MEMORY.bytes(0, 10))).isZero();
    assertThat(MEMORY.blocks(10, 100)).isEqualTo(-1);
    assertThat(MEMORY.blocks(10, Double.MAX_VALUE)).isEqualTo(4);
  }

  @Test
  void advisesWhatHelps() {
    double allowed = MEMORY.bytes(2, 10);

    assertThat(MEMORY.advice(2, 20, 5, allowed))
        .startsWith("lower train.batch.tokens to 10, or set model.tune: top and")
        .contains("model.tune-layers: 1, or run fewer tasks in a JVM (spark.executor.cores)");
    assertThat(MEMORY.advice(2, 20, 11, allowed)).doesNotContain("train.batch.tokens");
    assertThat(MEMORY.advice(4, 20, 1, MEMORY.bytes(0, 20)))
        .startsWith("set model.tune: frozen, or run fewer tasks");
    assertThat(MEMORY.advice(4, 20, 1, 100)).startsWith("run fewer tasks");
  }

  @Test
  void countsTheParametersOfAShape() {
    EncoderShape shape =
        EncoderShape.builder(Part.WHOLE, 8)
            .vocabulary(50)
            .blocks(3)
            .heads(2)
            .feedForward(16)
            .build();

    TuningMemory full = TuningMemory.of(shape, Tune.FULL, 0);
    TuningMemory adapted = TuningMemory.of(shape, Tune.LORA, 0);

    // 4 dense layers of attention, 2 of the feed-forward layer, 2 norms.
    double block = 4 * (8 * 8 + 8) + (8 * 16 + 16) + (16 * 8 + 8) + 2 * 16;
    assertThat(full.ofBlock()).isCloseTo(block, within(1e-9));
    assertThat(full.parameters()).isGreaterThanOrEqualTo((long) (50 * 8 + 3 * block));
    assertThat(adapted.bytes(3, 1)).isLessThan(full.bytes(3, 1));
  }
}
