package io.attune.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfTest {
  private static final int ALL = 1 << Short.SIZE;

  @Test
  void everyHalfComesBackAsItself() {
    for (int bits = 0; bits < ALL; bits++) {
      float value = Half.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(bits & 0x7c00).isEqualTo(0x7c00);
        assertThat(bits & 0x3ff).isPositive();
        assertThat(Half.toFloat(Half.of(value))).isNaN();
      } else {
        assertThat(Half.of(value)).as("bits %04x", bits).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void hasTheValuesOfTheStandard() {
    assertThat(Half.toFloat((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Half.toFloat((short) 0x03ff)).isEqualTo(0x1p-14f - 0x1p-24f);
    assertThat(Half.toFloat((short) 0x0400)).isEqualTo(0x1p-14f);
    assertThat(Half.toFloat((short) 0x3555)).isEqualTo(0.33325195f);
    assertThat(Half.toFloat((short) 0x3c00)).isEqualTo(1);
    assertThat(Half.toFloat((short) 0xc000)).isEqualTo(-2);
    assertThat(Half.toFloat((short) 0x7bff)).isEqualTo(65504);
    assertThat(Half.toFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(Half.toFloat((short) 0x8000)))
        .isEqualTo(Float.floatToRawIntBits(-0f));
  }

  @Test
  void roundsBetweenNeighboursToTheNearerAndInTheMiddleToTheEvenOne() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Half.toFloat((short) bits);
      float high = Half.toFloat((short) (bits + 1));
      float middle = (low + high) / 2; // exact: a float has 13 bits more
      short even = (short) (bits % 2 == 0 ? bits : bits + 1);
      assertThat(Half.of(middle)).as("middle above %04x", bits).isEqualTo(even);
      assertThat(Half.of(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Half.of(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Half.of(-middle)).isEqualTo((short) (even | 0x8000));
    }
  }

  @Test
  void roundsWhatIsTooLargeToInfinity() {
    assertThat(Half.toFloat(Half.of(Math.nextDown(65520f)))).isEqualTo(65504);
    assertThat(Half.toFloat(Half.of(65520f))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Half.toFloat(Half.of(-Float.MAX_VALUE))).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Half.toFloat(Half.of(Float.NEGATIVE_INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Half.of(Float.MIN_VALUE)).isZero();
  }

  @Test
  void anyFloatIsWithinHalfOfTheLastPlace() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-10, 10)));
      float rounded = Half.toFloat(Half.of(value));
      assertThat(Math.abs(value - rounded))
          .isLessThanOrEqualTo(Math.max(Math.abs(value) * 0x1p-11f, 0x1p-25f));
    }
  }
}
