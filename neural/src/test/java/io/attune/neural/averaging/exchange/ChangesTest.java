package io.attune.neural.averaging.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChangesTest {

  @Property
  void makeOfTheBaseWhatTheyWereToldToTheBit(
      @ForAll @IntRange(min = 0, max = 300) int length,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] base = floats(random, length);
    float[] values = base.clone();
    for (int i = 0; i < length; i++) {
      if (random.nextDouble() < share) {
        values[i] = Float.intBitsToFloat(random.nextInt());
      }
    }

    float[] restored = base.clone();
    Changes.of(values, base).applyTo(restored);

    for (int i = 0; i < length; i++) {
      assertThat(Float.floatToRawIntBits(restored[i]))
          .isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }

  @Test
  void costOneBitForABlockThatIsTheSame() {
    float[] base = floats(new Random(1), 320);
    float[] values = base.clone();
    values[100] = -values[100];

    assertThat(Changes.of(base.clone(), base).bytes()).hasSize(2);
    assertThat(Changes.of(values, base).bytes()).hasSize(2 + Changes.BLOCK * Float.BYTES);
  }

  @Test
  void tellMinusZeroFromZero() {
    float[] restored = {0f};
    Changes.of(new float[] {-0f}, restored).applyTo(restored);

    assertThat(Float.floatToRawIntBits(restored[0])).isEqualTo(Float.floatToRawIntBits(-0f));
  }

  private static float[] floats(Random random, int length) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return floats;
  }
}
