package io.attune.pipeline.stage.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.neural.averaging.state.NetworkState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WeightAveragingTest {
  private static final int PARAMETERS = 9;

  @Property(tries = 100, seed = "1")
  void theMeanOfTheLastEpochsIsThatOfExactArithmetic(
      @ForAll @IntRange(min = 1, max = 6) int averaged,
      @ForAll @IntRange(min = 1, max = 8) int epochs,
      @ForAll long seed) {
    WeightAveraging averaging = new WeightAveraging(averaged, 0);
    List<float[]> ends = walk(epochs, seed);
    KeptParameters kept = KeptParameters.NONE;
    for (int done = 1; done <= epochs; done++) {
      float[] reached = ends.get(done - 1);
      float[] published = averaging.published(kept, state(reached)).parameters();
      List<float[]> window = ends.subList(Math.max(0, done - averaged), done);
      for (int i = 0; i < PARAMETERS; i++) {
        float exact = exactMean(window, i);
        assertThat(published[i]).isCloseTo(exact, within(Math.ulp(exact)));
      }
      kept = averaging.afterEpoch(kept, reached);
      assertThat(kept.epochEnds()).hasSize(Math.min(averaged - 1, done));
    }
  }

  private static float exactMean(List<float[]> states, int index) {
    BigDecimal sum = BigDecimal.ZERO;
    for (float[] parameters : states) {
      sum = sum.add(new BigDecimal(parameters[index]));
    }
    return sum.divide(BigDecimal.valueOf(states.size()), MathContext.DECIMAL128).floatValue();
  }

  @Property(tries = 100, seed = "1")
  void theMovingAverageIsTheSumOfWeightsThatFallWithTheRowsSince(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double ema,
      @ForAll @IntRange(min = 1, max = 12) int rounds,
      @ForAll @LongRange(min = 1, max = 500) long rowsOfEpoch,
      @ForAll long seed) {
    WeightAveraging averaging = new WeightAveraging(1, ema);
    List<float[]> states = walk(rounds, seed);
    long[] rows = new Random(seed).longs(rounds, 1, 200).toArray();
    KeptParameters kept = KeptParameters.NONE;
    long done = 0;
    for (int round = 0; round < rounds; round++) {
      done += rows[round];
      double weight = averaging.weight(rows[round], done, rowsOfEpoch);
      kept = averaging.afterRound(kept, states.get(round), weight);
    }

    double[] weights = new double[rounds];
    double since = 0;
    for (int round = rounds - 1; round >= 0; round--) {
      double epochs = (double) rows[round] / rowsOfEpoch;
      weights[round] = Math.pow(ema, since) * (1 - Math.pow(ema, epochs));
      since += epochs;
    }
    double sum = IntStream.range(0, rounds).mapToDouble(round -> weights[round]).sum();
    float[] published = averaging.published(kept, state(states.get(rounds - 1))).parameters();
    for (int i = 0; i < PARAMETERS; i++) {
      double expected = 0;
      for (int round = 0; round < rounds; round++) {
        expected += weights[round] / sum * states.get(round)[i];
      }
      assertThat((double) published[i]).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void cuttingAnEpochIntoMoreRoundsDoesNotChangeWhatIsLeftOfAnEarlierOne() {
    WeightAveraging averaging = new WeightAveraging(1, 0.5);
    float[] before = {1};
    float[] after = {0};
    KeptParameters first = averaging.afterRound(KeptParameters.NONE, before, 1);

    KeptParameters whole = averaging.afterRound(first, after, averaging.weight(100, 200, 100));
    KeptParameters half = averaging.afterRound(first, after, averaging.weight(50, 150, 100));
    half = averaging.afterRound(half, after, averaging.weight(50, 200, 100));

    // An epoch before, which has half the weight of the one after it.
    assertThat(whole.moving()[0]).isCloseTo(1 / 3f, within(1e-6f));
    assertThat(half.moving()[0]).isCloseTo(1 / 3f, within(1e-6f));
  }

  @Test
  void equalParametersHaveThemselvesAsTheirMeanToTheBit() {
    float[] parameters = walk(1, 3).get(0);
    WeightAveraging epochs = new WeightAveraging(3, 0);
    KeptParameters ends = KeptParameters.NONE;
    WeightAveraging ema = new WeightAveraging(1, 0.9);
    KeptParameters moving = KeptParameters.NONE;
    for (int i = 1; i <= 3; i++) {
      assertThat(epochs.published(ends, state(parameters)).parameters()).isEqualTo(parameters);
      ends = epochs.afterEpoch(ends, parameters);
      moving = ema.afterRound(moving, parameters, ema.weight(7, 7L * i, 20));
      assertThat(ema.published(moving, state(parameters)).parameters()).isEqualTo(parameters);
    }
  }

  @Test
  void theOptimizersStateAndTheUpdatesAreThoseOfTheEnd() {
    NetworkState reached = new NetworkState(new float[] {1}, new float[] {7, 8}, 42);
    KeptParameters kept = new KeptParameters(List.of(new float[] {3}), new float[0]);

    NetworkState published = new WeightAveraging(2, 0).published(kept, reached);

    assertThat(published.parameters()).containsExactly(2);
    assertThat(published.updater()).containsExactly(7, 8);
    assertThat(published.iteration()).isEqualTo(42);
  }

  @Test
  void withoutAMeanNothingIsKept() {
    float[] parameters = {1, 2};

    assertThat(WeightAveraging.OFF.isOff()).isTrue();
    KeptParameters kept = WeightAveraging.OFF.afterRound(KeptParameters.NONE, parameters, 1);
    kept = WeightAveraging.OFF.afterEpoch(kept, parameters);

    assertThat(kept.epochEnds()).isEmpty();
    assertThat(kept.moving()).isEmpty();
    assertThat(WeightAveraging.OFF.published(kept, state(parameters)).parameters())
        .isEqualTo(parameters);
  }

  @Test
  void checksItsConfiguration() {
    assertThatThrownBy(() -> new WeightAveraging(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs must be at least 1, got 0");
    for (double ema : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new WeightAveraging(1, ema))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("ema must be in [0, 1), got " + ema);
    }
    assertThatThrownBy(() -> new WeightAveraging(2, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "epochs must be 1 where ema is above 0, got 2 and 0.5: choose one of the two means");
  }

  private static NetworkState state(float[] parameters) {
    return new NetworkState(parameters, new float[0], 0);
  }

  /** Returns states of a random walk. */
  private static List<float[]> walk(int states, long seed) {
    Random random = new Random(seed);
    float[] at = new float[PARAMETERS];
    return IntStream.range(0, states)
        .mapToObj(
            state -> {
              for (int i = 0; i < PARAMETERS; i++) {
                at[i] += (float) random.nextGaussian();
              }
              return at.clone();
            })
        .toList();
  }
}
