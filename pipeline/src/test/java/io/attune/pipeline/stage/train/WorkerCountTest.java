package io.attune.pipeline.stage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.stage.train.WorkerCount.Case;
import io.attune.schemas.failure.Failure;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorkerCountTest {
  private static Case first(long steps, int slots) {
    return new Case(32 * steps, steps, slots, OptionalInt.empty());
  }

  private static Case after(int workers, long steps, int slots) {
    return new Case(32 * steps, steps, slots, OptionalInt.of(workers));
  }

  @Test
  void takesOneForEachSlotWhereTheRowsAllowIt() {
    assertThat(WorkerCount.of(0, 50, first(800, 16))).isEqualTo(new WorkerCount(16, "", ""));
  }

  @Test
  void leavesEachWorkerItsStepsAndSaysSo() {
    assertThat(WorkerCount.of(0, 50, first(320, 16)))
        .isEqualTo(
            new WorkerCount(
                6,
                "",
                "; 6 of 16 core slots trained: more workers would make fewer than 50 steps an epoch"
                    + " each (train.min-steps)"));
  }

  @Test
  void staysWithTheNumberOfTheModelInUse() {
    assertThat(WorkerCount.of(0, 50, after(2, 800, 16)))
        .isEqualTo(
            new WorkerCount(
                2,
                "",
                "; 2 of 16 core slots trained: as many as for the model in use;"
                    + " train.averaging.workers says another number"));
    assertThat(WorkerCount.of(0, 50, after(8, 800, 2))).isEqualTo(new WorkerCount(8, "", ""));
  }

  @Test
  void obeysTheConfigurationAndWarns() {
    assertThat(WorkerCount.of(16, 50, first(320, 2)).workers()).isEqualTo(16);
    assertThat(WorkerCount.of(16, 50, first(320, 2)).warning())
        .isEqualTo(
            "train.averaging.workers is 16: each makes some 20 steps an epoch, fewer than 50"
                + " (train.min-steps), and the model may be less accurate than that of fewer"
                + " workers; 6 or fewer keep to it, and so does 0");
    assertThat(WorkerCount.of(6, 50, first(320, 2))).isEqualTo(new WorkerCount(6, "", ""));
  }

  @Test
  void refusesWorkersWithoutRows() {
    assertThatThrownBy(() -> WorkerCount.of(9, 1, new Case(8, 1, 2, OptionalInt.empty())))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageStartingWith(
            "train.averaging.workers is 9, and the train split has 8 rows: a worker would have"
                + " nothing to train");
  }

  @Property
  void neverGivesAWorkerTooFewStepsUnlessItIsAlone(
      @ForAll @IntRange(min = 1, max = 100_000) int rows,
      @ForAll @IntRange(min = 1, max = 5_000) int steps,
      @ForAll @IntRange(min = 1, max = 256) int slots,
      @ForAll @IntRange(min = 1, max = 200) int minSteps) {
    int workers =
        WorkerCount.of(0, minSteps, new Case(rows, steps, slots, OptionalInt.empty())).workers();

    assertThat(workers).isBetween(1, Math.min(rows, slots));
    assertThat(workers == 1 || steps / workers >= minSteps).isTrue();
  }
}
