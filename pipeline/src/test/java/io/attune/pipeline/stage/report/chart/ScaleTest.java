package io.attune.pipeline.stage.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class ScaleTest {
  @Property(tries = 300, seed = "1")
  void ticksAreFewOrderedAndWithinTheRange(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double range) {
    Scale scale = new Scale(low, low + range, 0, 100);

    assertThat(scale.ticks(5)).hasSizeLessThanOrEqualTo(7).isSorted();
    assertThat(scale.ticks(5))
        .allSatisfy(tick -> assertThat(tick).isBetween(low - range / 1e3, low + range * 1.001));
  }

  @Property(tries = 100, seed = "1")
  void everyValueLandsInThePlace(@ForAll double value) {
    assertThat(new Scale(0, 1, 20, 10).at(value)).isBetween(10.0, 20.0);
  }

  @Property(tries = 1)
  void aRangeOfOneValueLiesInTheMiddle() {
    assertThat(new Scale(3, 3, 0, 10).at(3)).isEqualTo(5, within(1e-9));
    assertThat(new Scale(3, 3, 0, 10).ticks(4)).containsExactly(3.0);
  }
}
