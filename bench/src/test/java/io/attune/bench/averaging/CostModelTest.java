package io.attune.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.bench.averaging.CostModel.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostModelTest {

  @Test
  void findsTheCostsThatObservationsWereMadeFrom() {
    CostModel costs = new CostModel(0.02, 0.003, 0.01, 2e8);

    CostModel found = CostModel.fit(observations(costs), 0.003);

    assertThat(found.latency()).isCloseTo(0.02, within(1e-6));
    assertThat(found.perTurn()).isCloseTo(0.01, within(1e-6));
    assertThat(found.bytesPerSecond()).isCloseTo(2e8, within(1e3));
    assertThat(found.relativeError(observations(costs))).isLessThan(1e-6);
  }

  @Test
  void noCostIsNegative() {
    // Rounds that become cheaper with their size.
    List<Observation> odd =
        List.of(
            new Observation(1, 2, 1e6, 0.04),
            new Observation(2, 2, 1e6, 0.05),
            new Observation(1, 2, 8e6, 0.02),
            new Observation(2, 2, 8e6, 0.03));

    CostModel found = CostModel.fit(odd, 0.001);

    assertThat(found.latency()).isNotNegative();
    assertThat(found.perTurn()).isNotNegative();
    assertThat(found.bytesPerSecond()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void moreStepsARoundAreMoreEfficientAndASlowNetworkIsLessSo() {
    CostModel costs = new CostModel(0.02, 0.001, 0.01, 1e9);

    assertThat(costs.efficiency(64, 1e7, 64, 0.005))
        .isGreaterThan(costs.efficiency(64, 1e7, 16, 0.005))
        .isGreaterThan(costs.over(1e8).efficiency(64, 1e7, 64, 0.005));
  }

  private static List<Observation> observations(CostModel costs) {
    List<Observation> observations = new ArrayList<>();
    for (double copy : new double[] {1e6, 15e6}) {
      for (int workers : new int[] {1, 2, 4, 8}) {
        observations.add(new Observation(workers, 2, copy, costs.seconds(workers, 2, copy)));
      }
    }
    return observations;
  }
}
