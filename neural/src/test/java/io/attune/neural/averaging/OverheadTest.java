package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.Segment;
import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;

class OverheadTest {
  /** Suffices for more than ten rounds of 8 rows and one of the longest that may be chosen. */
  private static final int ROWS = 9000;

  @Property
  void staysBelowTheShareWithTheFewestSteps(
      @ForAll @DoubleRange(min = 0.01, max = 1) double overhead,
      @ForAll @DoubleRange(min = 0.01, max = 1) double step,
      @ForAll @DoubleRange(min = 0.01, max = 0.9) double share) {
    int frequency = Overhead.frequency(overhead, step, share);

    if (frequency < Overhead.MOST) {
      assertThat(overhead / (overhead + frequency * step)).isLessThanOrEqualTo(share + 1e-9);
    }
    if (frequency > 1) {
      assertThat(overhead / (overhead + (frequency - 1) * step)).isGreaterThan(share - 1e-9);
    }
  }

  @Test
  void choosesOnceEnoughRoundsWereSeenAndLeavesOutTheColdOnes() {
    Overhead overhead = new Overhead(0.1);
    for (int round = 0; round < 9; round++) {
      overhead.add(round(round < 2 ? 60 : 1.4), List.of(result(4, 0.4)), 1);
      assertThat(overhead.proposedFrequency(4)).isEmpty();
    }
    overhead.add(round(1.4), List.of(result(4, 0.4)), 1);

    // 1 s compared with steps of 0.1 s: 1 * 0.9 / (0.1 * 0.1) = 90 steps.
    assertThat(overhead.proposedFrequency(4)).hasValue(90);
    assertThat(overhead.proposedFrequency(80)).isEmpty();
  }

  @Test
  void aTrainingThatMayChooseTrainsEveryRowOnceInFewerRounds() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());
    MasterConfig config =
        TestMasters.config(AveragingConfig.builder(2, 1).maxAveragingShare(0.01), 4).build();
    AveragingMaster master = new AveragingMaster(config);
    CountingHook.TRAINED.clear();
    master.addHook(new CountingHook());
    List<Round> rounds = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    master.listen(
        (round, state, outer) -> {
          rounds.add(round);
          outers.add(outer);
        });
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, TestNetworks.network(new Sgd(0.01)), master);

    graph.fitPaths(spark.parallelize(List.of(ExampleLoader.path(ROWS))), new ExampleLoader());

    assertThat(CountingHook.TRAINED).hasSize(ROWS);
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
    assertThat(rounds.size()).isBetween(12, ROWS / 16);
    AveragingProgress last = outers.get(outers.size() - 1).progress();
    assertThat(last.frequency()).isGreaterThan(1);
    assertThat(last.segments().get(0)).isEqualTo(new Segment(2, 1, 10));
    assertThat(last.segments().stream().mapToInt(Segment::rounds).sum()).isEqualTo(rounds.size());

    // Another master that resumes the training does not train any row again either.
    CountingHook.TRAINED.clear();
    AveragingMaster second = new AveragingMaster(config);
    second.addHook(new CountingHook());
    second.resumeAfter(outers.get(10));
    new SparkComputationGraph(spark, TestNetworks.network(new Sgd(0.01)), second)
        .fitPaths(spark.parallelize(List.of(ExampleLoader.path(ROWS))), new ExampleLoader());

    long before = rounds.subList(0, 11).stream().mapToLong(Round::rowsTrained).sum();
    assertThat(CountingHook.TRAINED).hasSize((int) (ROWS - before));
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
  }

  @Test
  void refusesAShareThatLeavesNoTimeToTrain() {
    AveragingConfig.Builder plain = AveragingConfig.builder(2, 1);

    assertThatThrownBy(() -> plain.maxAveragingShare(1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max-averaging-share must be 0 (frequency stays) or below 1, got 1.0");
  }

  private static Round round(double seconds) {
    return Round.builder().rounds(1).workers(1).seconds(seconds).computeSeconds(0.4).build();
  }

  private static WorkerResult result(int steps, double seconds) {
    return new WorkerResult(
        0, 4, 4, 4, steps, 4, 1, "", (long) (seconds * 1e9), 0, "here", "amd64");
  }
}
