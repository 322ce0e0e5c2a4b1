package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TwoMixesTest {
  /**
   * Compares with values by hand: of 60, 30 and 10 rows against 50, 30 and 20 with half a row
   * added, (p - q) ln(p / q) is 0.0180, 0 and 0.0657; chi-square is 0.9091 + 0 + 3.3333.
   */
  @Test
  void indexAndTestAreThoseWorkedOutByHand() {
    TwoMixes mixes =
        TwoMixes.of(Map.of("a", 60L, "b", 30L, "c", 10L), Map.of("a", 50L, "b", 30L, "c", 20L));
    double first = (60.5 - 50.5) / 101.5 * Math.log(60.5 / 50.5);
    double third = (10.5 - 20.5) / 101.5 * Math.log(10.5 / 20.5);

    assertThat(mixes.stabilityIndex()).isCloseTo(first + third, within(1e-12));
    assertThat(mixes.stabilityIndex()).isCloseTo(0.0837, within(1e-4));
    assertThat(mixes.pValue()).isCloseTo(Math.exp(-4.242424 / 2), within(1e-6)); // two degrees
    assertThat(mixes.expectedIndex()).isCloseTo(2 * (0.01 + 0.01), within(1e-12));
  }

  @Test
  void rareValuesAreComparedTogetherAndOneValueAloneCannotDiffer() {
    TwoMixes mixes =
        TwoMixes.of(Map.of("a", 90L, "b", 2L, "c", 8L), Map.of("a", 90L, "d", 6L, "e", 4L));

    assertThat(mixes.counts()).containsOnly(Map.entry("a", 90L), Map.entry(TwoMixes.RARE, 10L));
    assertThat(mixes.pValue()).isCloseTo(1, within(1e-9));
    assertThat(TwoMixes.of(Map.of("a", 9L), Map.of("a", 5L)).canDiffer()).isFalse();
    assertThat(TwoMixes.of(Map.of(), Map.of("a", 5L)).canDiffer()).isFalse();
  }

  /** Draws both samples from one mix: the index is far above 0 where samples are small. */
  @Test
  void withoutAChangeTheIndexIsOnAverageWhatIsExpected() {
    SplittableRandom random = new SplittableRandom(20261130);
    for (int[] sizes : new int[][] {{100, 500}, {300, 300}, {1000, 4000}}) {
      double sum = 0;
      double expected = 0;
      int repetitions = 400;
      for (int i = 0; i < repetitions; i++) {
        TwoMixes mixes = TwoMixes.of(drawn(sizes[0], random), drawn(sizes[1], random));
        sum += mixes.stabilityIndex();
        expected = mixes.expectedIndex();
      }
      assertThat(sum / repetitions).isCloseTo(expected, within(0.12 * expected));
    }
  }

  @Test
  void refusesSamplesOfDifferentValues() {
    assertThatThrownBy(() -> new TwoMixes(Map.of("a", 1L), Map.of("b", 1L)))
        .hasMessage("the values of one sample are [a], those of the other [b]");
  }

  private static Map<String, Long> drawn(int rows, SplittableRandom random) {
    Map<String, Long> counts = new TreeMap<>();
    for (int row = 0; row < rows; row++) {
      counts.merge("value " + random.nextInt(10), 1L, Long::sum);
    }
    return counts;
  }
}
