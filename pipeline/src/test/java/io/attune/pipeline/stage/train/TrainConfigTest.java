package io.attune.pipeline.stage.train;

import static io.attune.pipeline.stage.train.TestTrainings.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.averaging.state.Score;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainConfigTest {
  @Test
  void checksItsConfiguration() {
    assertThatThrownBy(() -> config(2, new Stopping(1, 0, Stopping.Metric.LOSS), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("checkpoint-every-rounds must be at least 1, got 0");
    for (int seeds : new int[] {0, 17}) {
      assertThatThrownBy(() -> TestTrainings.configOfNetworks(seeds, 7))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("seeds must be 1 to 16, got " + seeds);
    }
    assertThatThrownBy(() -> AveragingConfig.builder(2, 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frequency must be at least 1 minibatch, got 0");
    assertThatThrownBy(() -> AveragingConfig.builder(2, 1).warmUpRounds(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("warm-up-rounds must not be negative, got -1");
    assertThatThrownBy(() -> new Schedule(Schedule.Kind.LINEAR, 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("floor must be in [0, 1], got 2.0");
    assertThatThrownBy(() -> new Stopping(-1, 0, Stopping.Metric.LOSS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs must be at least 1, or 0 to go by the rows, got -1");
  }

  @ParameterizedTest
  @CsvSource({
    "500, 10, 3",
    "10000, 10, 3",
    "20000, 7, 3",
    "33000, 6, 2",
    "90000, 3, 2",
    "9000000, 2, 2"
  })
  void theRowsDecideTheEpochsThatAreNotGiven(long rows, int own, int tuned) {
    Stopping open = new Stopping(0, 3, Stopping.Metric.ACCURACY);
    Stopping given = new Stopping(4, 3, Stopping.Metric.ACCURACY);

    assertThat(open.over(rows, true)).isEqualTo(new Stopping(own, 3, Stopping.Metric.ACCURACY));
    assertThat(open.over(rows, false)).isEqualTo(new Stopping(tuned, 3, Stopping.Metric.ACCURACY));
    assertThat(given.over(rows, true)).isEqualTo(given);
  }

  @Test
  void theHigherMacroF1IsBetterAndTheLowerLossWhereBothAreEqual() {
    Stopping stopping = new Stopping(5, 0, Stopping.Metric.MACRO_F1);
    EpochRecord best = epoch(0.4, 0.8);

    assertThat(stopping.isBetter(epoch(0.9, 0.81), best)).isTrue();
    assertThat(stopping.isBetter(epoch(0.1, 0.79), best)).isFalse();
    assertThat(stopping.isBetter(epoch(0.3, 0.8), best)).isTrue();
    assertThat(stopping.isBetter(epoch(0.4, 0.8), best)).isFalse();
    // A checkpoint of an earlier version has no macro-F1.
    assertThat(stopping.isBetter(epoch(0.3, 0.1), new EpochRecord(1, 1, 0.4, 0.5, 1))).isTrue();
    assertThat(stopping.isBetter(epoch(0.5, 0.9), new EpochRecord(1, 1, 0.4, 0.5, 1))).isFalse();
  }

  @Test
  void epochsAreChosenByTheHeadThatTheGateGoesBy() {
    Score score =
        new Score(
            2,
            1,
            List.of(
                new Score.Head(new double[] {1, 1}, new double[] {2, 0}, new double[] {1, 0}),
                new Score.Head(new double[] {1, 1}, new double[] {1, 1}, new double[] {1, 1})));
    List<String> heads = List.of("mood", "topic");
    Stopping gate = new Stopping(5, 0, Stopping.Metric.MACRO_F1, Stopping.OF_GATE);

    assertThat(gate.goingBy("topic").macroF1(score, heads)).isEqualTo(1);
    assertThat(gate.goingBy("mood").macroF1(score, heads)).isEqualTo(1 / 3.0);
    assertThat(gate.goingBy("all").macroF1(score, heads)).isEqualTo((1 + 1 / 3.0) / 2);
    Stopping named = new Stopping(5, 0, Stopping.Metric.MACRO_F1, "mood");
    assertThat(named.goingBy("topic")).isEqualTo(named);
  }

  private static EpochRecord epoch(double loss, double macroF1) {
    return new EpochRecord(2, 1, loss, 0.5, 1, macroF1);
  }

  @Test
  void onGpusTheNumberOfWorkersMustBeGiven() {
    TrainConfig.Builder config =
        TrainConfig.builder(
                AveragingConfig.builder(0, 1).build(),
                new BatchLimits(16, 512),
                new Stopping(1, 0, Stopping.Metric.LOSS))
            .device(Device.GPU_OR_CPU);

    assertThatThrownBy(config::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("averaging.workers must be 1 or more with device gpu-or-cpu");
  }
}
