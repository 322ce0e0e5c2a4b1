package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BenjaminiHochbergTest {
  /**
   * Compares with Benjamini and Hochberg 1995, 4.1: of these 15 tests four are significant at a
   * false discovery rate of 0.05.
   */
  @Test
  void findsWhatThePublishedExampleFinds() {
    List<Double> pValues =
        List.of(
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0);

    List<Double> adjusted = BenjaminiHochberg.adjust(pValues);

    assertThat(adjusted).filteredOn(p -> p <= 0.05).hasSize(4);
    assertThat(adjusted.get(0)).isCloseTo(15 * 0.0001, within(1e-12));
    assertThat(adjusted.get(3)).isCloseTo(15 * 0.0095 / 4, within(1e-12));
    assertThat(adjusted.get(5)).isCloseTo(15 * 0.0298 / 7, within(1e-12)); // that of the next
    assertThat(adjusted.get(14)).isEqualTo(1);
  }

  @Property(tries = 200)
  void agreesWithTheDefinition(@ForAll @Size(max = 20) List<@DoubleRange(max = 1) Double> pValues) {
    List<Double> adjusted = BenjaminiHochberg.adjust(pValues);

    List<Double> sorted = pValues.stream().sorted().toList();
    for (int i = 0; i < pValues.size(); i++) {
      double slow = 1;
      for (int rank = 1; rank <= sorted.size(); rank++) {
        if (sorted.get(rank - 1) >= pValues.get(i)) {
          slow = Math.min(slow, sorted.get(rank - 1) * sorted.size() / rank);
        }
      }
      assertThat(adjusted.get(i)).isCloseTo(slow, within(1e-12));
    }
  }
}
