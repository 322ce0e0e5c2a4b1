package io.attune.neural.averaging.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.exchange.WeightedMean.Weighted;
import io.attune.neural.averaging.state.NetworkState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightedMeanTest {

  @Test
  void weighsEachStateByItsRows() {
    NetworkState few = new NetworkState(new float[] {1, 8}, new float[] {4}, 10);
    NetworkState many = new NetworkState(new float[] {5, 0}, new float[] {8}, 14);

    NetworkState mean = WeightedMean.of(List.of(new Weighted(few, 1), new Weighted(many, 3)));

    assertThat(mean.parameters()).containsExactly(4, 2);
    assertThat(mean.updater()).containsExactly(7);
    assertThat(mean.iteration()).isEqualTo(13);
  }

  @Property
  void meanOfEqualStatesIsThatStateToTheBit(
      @ForAll @Size(min = 1, max = 40) List<Float> values,
      @ForAll @IntRange(min = 1, max = 9) int states,
      @ForAll @IntRange(min = 1, max = 100_000) int rows) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    NetworkState state = new NetworkState(floats, new float[0], 3);

    NetworkState mean =
        WeightedMean.of(new ArrayList<>(Collections.nCopies(states, new Weighted(state, rows))));

    assertThat(mean.parameters()).containsExactly(floats);
  }

  @Test
  void findsWhatIsNotANumber() {
    assertThat(state(1, -Float.MAX_VALUE, 0, Float.MIN_VALUE).isFinite()).isTrue();
    assertThat(state(1, Float.NaN).isFinite()).isFalse();
    assertThat(state(Float.NEGATIVE_INFINITY, 2).isFinite()).isFalse();
  }

  private static NetworkState state(float... values) {
    return new NetworkState(new float[] {0}, values, 1);
  }
}
