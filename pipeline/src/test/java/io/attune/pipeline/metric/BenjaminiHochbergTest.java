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

  /** Compares with R's {@code p.adjust(c(0.01, 0.04, 0.03, 0.005), "BH")}. */
  @Test
  void stepsUpFromTheLargest() {
    List<Double> adjusted = BenjaminiHochberg.adjust(List.of(0.01, 0.04, 0.03, 0.005));

    double[] expected = {0.02, 0.04, 0.04, 0.02};
    for (int i = 0; i < expected.length; i++) {
      assertThat(adjusted.get(i)).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void leavesOneTestAsItIsAndNoneEmpty() {
    assertThat(BenjaminiHochberg.adjust(List.of(0.2))).containsExactly(0.2);
    assertThat(BenjaminiHochberg.adjust(List.of())).isEmpty();
  }

  /** Follows the definition: the smallest rate at which the step-up procedure rejects the test. */
  @Property
  void agreesWithItsDefinition(@ForAll @Size(max = 12) List<@DoubleRange(max = 1) Double> pValues) {
    List<Double> adjusted = BenjaminiHochberg.adjust(pValues);

    for (int i = 0; i < pValues.size(); i++) {
      double p = pValues.get(i);
      double expected =
          pValues.stream()
              .filter(q -> q >= p)
              .mapToDouble(q -> q * pValues.size() / pValues.stream().filter(r -> r <= q).count())
              .min()
              .orElseThrow();
      assertThat(adjusted.get(i)).isCloseTo(Math.min(1, expected), within(1e-12));
    }
  }
}
