package io.attune.bench.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.bench.layers.Contender.Took;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void aRatioIsTheMedianOfTheRoundsRatios() {
    Measurement ours = new Measurement("ours");
    Measurement other = new Measurement("other");
    double[] slowdowns = {1, 10, 3}; // The machine's, of whole rounds.
    for (double slowdown : slowdowns) {
      ours.add(new Took(slowdown, 1));
      other.add(new Took(2 * slowdown, 3));
    }

    assertThat(ours.timesAsFastAs(other, Took::seconds)).isEqualTo(2);
    assertThat(ours.timesAsFastAs(other, Took::processor)).isEqualTo(3);
    assertThat(ours.median()).isEqualTo(3);
  }
}
