package io.attune.neural.averaging.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.config.OuterOptimizer.Step;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OuterOptimizerTest {

  @Property
  void everyRuleGivesTheAverageToTheBitWithoutMomentumAndAtRateOne(
      @ForAll @Size(min = 1, max = 20) List<Float> start,
      @ForAll @Size(min = 20, max = 20) List<Float> mean,
      @ForAll OuterConfig.Kind kind) {
    float[] from = floats(start, start.size());
    float[] to = floats(mean, start.size());

    Step step = new OuterConfig(kind, 0, 1).optimizer().step(from, to, new float[0]);

    assertThat(step.parameters()).containsExactly(to);
  }

  @Test
  void slowMomentumFollowsItsEquations() {
    // v1 = 0.5, x1 = 1 + 0.8 * 0.5; v2 = 0.6 * 0.5 - 0.2, x2 = 1.4 + 0.8 * 0.1
    OuterOptimizer rule = new OuterConfig(OuterConfig.Kind.SLOW_MOMENTUM, 0.6, 0.8).optimizer();

    Step first = rule.step(new float[] {1}, new float[] {1.5f}, new float[0]);
    Step second = rule.step(first.parameters(), new float[] {1.2f}, first.velocity());

    assertThat(first.parameters()[0]).isCloseTo(1.4f, within(1e-6f));
    assertThat(first.velocity()).containsExactly(0.5f);
    assertThat(second.velocity()[0]).isCloseTo(0.1f, within(1e-6f));
    assertThat(second.parameters()[0]).isCloseTo(1.48f, within(1e-6f));
  }

  @Test
  void nesterovFollowsItsEquations() {
    // v1 = 0.5, x1 = 1 + 0.7 (0.5 + 0.9 * 0.5); v2 = 0.9 * 0.5 + 0.1, x2 = x1 + 0.7 (0.1 + 0.9 v2)
    OuterOptimizer rule = new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0.7).optimizer();

    Step first = rule.step(new float[] {1}, new float[] {1.5f}, new float[0]);
    float mean = first.parameters()[0] + 0.1f;
    Step second = rule.step(first.parameters(), new float[] {mean}, first.velocity());

    assertThat(first.parameters()[0]).isCloseTo(1.665f, within(1e-6f));
    assertThat(second.velocity()[0]).isCloseTo(0.55f, within(1e-6f));
    assertThat(second.parameters()[0]).isCloseTo(1.665f + 0.4165f, within(1e-5f));
  }

  @ParameterizedTest
  @EnumSource(
      value = OuterConfig.Kind.class,
      names = {"SLOW_MOMENTUM", "NESTEROV"})
  void momentumReachesAFarPointInFewerRoundsThanAveraging(OuterConfig.Kind kind) {
    // Workers move a twentieth of the way to 0 in a round, as with a small inner rate.
    assertThat(rounds(new OuterConfig(kind, 0.7, 1).optimizer()))
        .isLessThan(rounds(OuterConfig.PLAIN.optimizer()) / 2);
  }

  private static int rounds(OuterOptimizer rule) {
    float[] at = {1};
    float[] velocity = new float[0];
    int rounds = 0;
    while (Math.abs(at[0]) + (velocity.length == 0 ? 0 : Math.abs(velocity[0])) > 1e-3) {
      Step step = rule.step(at, new float[] {at[0] * 0.95f}, velocity);
      at = step.parameters();
      velocity = step.velocity();
      rounds++;
    }
    return rounds;
  }

  @Test
  void refusesAMomentumThatNeverEnds() {
    assertThatThrownBy(() -> new OuterConfig(OuterConfig.Kind.NESTEROV, 1, 0.7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("momentum must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new OuterConfig(OuterConfig.Kind.NESTEROV, 0.9, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learning-rate must be in (0, 10], got 0.0");
  }

  private static float[] floats(List<Float> values, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
