package io.attune.neural.averaging.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchLimitsTest {

  @Property
  void keepsEveryMinibatchWithinItsLimits(
      @ForAll @Size(max = 300) List<@IntRange(min = 1, max = 600) Integer> given,
      @ForAll @IntRange(min = 1, max = 64) int rows,
      @ForAll @IntRange(min = 1, max = 4096) int tokens) {
    int[] lengths =
        given.stream().sorted(Collections.reverseOrder()).mapToInt(Integer::intValue).toArray();

    List<Integer> ends = new BatchLimits(rows, tokens).cut(lengths);

    int start = 0;
    for (int end : ends) {
      assertThat(end - start).isBetween(1, rows);
      if (end - start > 1) {
        assertThat((end - start) * lengths[start]).isLessThanOrEqualTo(tokens);
      }
      start = end;
    }
    assertThat(start).isEqualTo(lengths.length);
  }

  @Test
  void leavesNoSmallRemainder() {
    int[] lengths = new int[33];
    Arrays.fill(lengths, 5);

    assertThat(new BatchLimits(32, 4096).cut(lengths)).containsExactly(17, 33);
  }

  @Test
  void refusesMinibatchesWithoutRows() {
    assertThatThrownBy(() -> new BatchLimits(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows must be at least 1, got 0");
  }

  @Test
  void noLimitIsOneMinibatch() {
    assertThat(new BatchLimits(Integer.MAX_VALUE, Integer.MAX_VALUE).cut(new int[] {9, 5, 2}))
        .containsExactly(3);
  }
}
