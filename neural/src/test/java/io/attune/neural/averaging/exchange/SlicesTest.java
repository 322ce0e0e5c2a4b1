package io.attune.neural.averaging.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.state.NetworkState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlicesTest {

  @Property
  void togetherAreTheWholeState(
      @ForAll @IntRange(min = 1, max = 50) int parameters,
      @ForAll @IntRange(min = 0, max = 100) int updater,
      @ForAll @IntRange(min = 1, max = 60) int size) {
    NetworkState state = new NetworkState(numbers(1, parameters), numbers(1000, updater), 7);
    Slices slices = new Slices(parameters, updater, size);

    NetworkState copy = new NetworkState(new float[parameters], new float[updater], 7);
    int values = 0;
    for (int slice = 0; slice < slices.count(); slice++) {
      float[] read = slices.read(state, slice);
      values += read.length;
      slices.write(read, slice, copy);
    }

    assertThat(values).isEqualTo(parameters + updater);
    assertThat(copy.parameters()).containsExactly(state.parameters());
    assertThat(copy.updater()).containsExactly(state.updater());
  }

  private static float[] numbers(int first, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = first + i;
    }
    return numbers;
  }
}
