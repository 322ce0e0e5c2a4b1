package io.attune.bench.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.bench.layers.Contender.StepTime;
import org.junit.jupiter.api.Test;

class ContenderTimesTest {

  @Test
  void aRatioIsTheMedianOfTheRoundsRatios() {
    ContenderTimes ours = new ContenderTimes("ours");
    ContenderTimes other = new ContenderTimes("other");
    double[] slowdowns = {1, 10, 3}; // of the machine in each round
    for (double slowdown : slowdowns) {
      ours.add(new StepTime(slowdown, 1));
      other.add(new StepTime(2 * slowdown, 3));
    }

    assertThat(ours.speedUpOver(other, StepTime::seconds)).isEqualTo(2);
    assertThat(ours.speedUpOver(other, StepTime::processor)).isEqualTo(3);
    assertThat(ours.median()).isEqualTo(3);
  }
}
