package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  @Test
  void equalMixesDifferByNothingAndDisjointOnesByOneBit() {
    assertThat(Divergence.between(Map.of("a", 2L, "b", 4L), Map.of("a", 1L, "b", 2L)))
        .isEqualTo(0, within(1e-12));
    assertThat(Divergence.between(Map.of("a", 5L), Map.of("b", 7L))).isEqualTo(1, within(1e-12));
    assertThat(Divergence.between(Map.of(), Map.of("b", 7L))).isZero();
  }

  /**
   * Compares with a value worked out by hand: 1 - (0.75 log2 3) / 2 ... of (1/2, 1/2) and (1, 0).
   */
  @Test
  void halfAgainstAllIsAThirdOfABit() {
    assertThat(Divergence.between(Map.of("a", 1L, "b", 1L), Map.of("a", 1L)))
        .isEqualTo(0.311278, within(1e-6));
  }

  @Property
  void isSymmetricAndWithinBounds(
      @ForAll @Size(max = 5) Map<String, @LongRange(max = 1000) Long> a,
      @ForAll @Size(max = 5) Map<String, @LongRange(max = 1000) Long> b) {
    double there = Divergence.between(a, b);

    assertThat(there).isBetween(0.0, 1.0);
    assertThat(Divergence.between(b, a)).isEqualTo(there, within(1e-12));
  }
}
