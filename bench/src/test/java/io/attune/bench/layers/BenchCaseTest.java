package io.attune.bench.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.network.ModelConfig.Kind;
import org.junit.jupiter.api.Test;

class BenchCaseTest {

  @Test
  void trainingCountsThreeTimesTheOperationsOfInference() {
    BenchCase trains = BenchCase.uniform(Kind.TRANSFORMER, 2, 64, 32, true);
    BenchCase infers = BenchCase.uniform(Kind.TRANSFORMER, 2, 64, 32, false);

    assertThat(trains.operations(10)).isEqualTo(3 * infers.operations(10));
  }

  @Test
  void aSelfAttentionBlockIsFourProjectionsScoresAndTheirUse() {
    BenchCase given = BenchCase.uniform(Kind.SELF_ATTENTION, 1, 8, 4, false);

    double projections = 4 * (2.0 * 3 * 8 * 8);
    double attention = 2 * (2.0 * 3 * 3 * 8);
    double pooling = 2.0 * 3 * 8 * 8;
    assertThat(given.operations(3)).isEqualTo(projections + attention + pooling);
  }
}
