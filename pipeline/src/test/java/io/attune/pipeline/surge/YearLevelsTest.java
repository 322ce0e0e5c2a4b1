package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class YearLevelsTest {

  @Test
  void windowsShareTheLastLevelAndTheRestIsDividedEvenly() {
    int[] levels = YearLevels.of(new int[] {24, 12}, 1, 4);

    // 12 weeks a year: a window of 3, and 9 between two windows for 3 levels.
    assertThat(Arrays.copyOfRange(levels, 11, 25))
        .containsExactly(3, 3, 3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3);
    assertThat(Arrays.copyOf(levels, 11)).containsOnly(-1);
  }

  @Test
  void firstLevelsTakeTheRemainder() {
    int[] levels = YearLevels.of(new int[] {14, 2}, 0, 5);

    assertThat(Arrays.copyOfRange(levels, 2, 15))
        .containsExactly(4, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4);
  }

  @Test
  void refusesMoreLevelsThanRows() {
    assertThatThrownBy(() -> YearLevels.of(new int[] {8, 4}, 1, 4))
        .hasMessage("1 rows between two windows cannot be divided into 3 levels");
  }
}
