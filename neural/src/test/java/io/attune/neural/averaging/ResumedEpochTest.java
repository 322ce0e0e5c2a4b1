package io.attune.neural.averaging;

import static io.attune.neural.averaging.TestMasters.fitRange;
import static io.attune.neural.averaging.TestMasters.graph;
import static io.attune.neural.averaging.TestMasters.master;
import static io.attune.neural.averaging.TestMasters.record;
import static io.attune.neural.averaging.TestMasters.requireSame;
import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Tests epochs that another master resumes. */
class ResumedEpochTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

  @Test
  void anEpochThatIsTakenUpAgainEndsAsAnUnbrokenOneToTheBit() {
    SparkComputationGraph unbroken = graph(spark, new Adam(0.01), master(2, 2, 8));
    fitRange(unbroken, 150);

    AveragingMaster master = master(2, 2, 8);
    List<NetworkState> states = new ArrayList<>();
    List<OuterState> outers = new ArrayList<>();
    master.listen(
        (round, state, outer) -> {
          states.add(state);
          outers.add(outer);
        });
    fitRange(graph(spark, new Adam(0.01), master), 150);
    AveragingMaster second = master(2, 2, 8);
    List<Round> rounds = record(second);
    SparkComputationGraph resumed = graph(spark, new Adam(0.01), second);
    states.get(2).copyTo(resumed.getNetwork());
    second.resumeAfter(outers.get(2));
    fitRange(resumed, 150);

    requireSame(resumed.getNetwork(), unbroken.getNetwork());
    assertThat(rounds.get(0).round()).isEqualTo(3);
  }

  @Test
  void anEpochThatIsTakenUpByOtherWorkersTrainsWhatWasLeft() {
    AveragingMaster first = master(4, 1, 8);
    List<Round> made = record(first);
    List<OuterState> outers = new ArrayList<>();
    first.listen((round, state, outer) -> outers.add(outer));
    fitRange(graph(spark, new Sgd(0.01), first), 150);
    long before = made.subList(0, 3).stream().mapToLong(Round::rowsTrained).sum();
    CountingHook.TRAINED.clear();

    AveragingMaster second = master(3, 1, 8);
    List<Round> rounds = record(second);
    second.resumeAfter(outers.get(2));
    fitRange(graph(spark, new Sgd(0.01), second), 150);

    assertThat(rounds.stream().mapToLong(Round::rowsTrained).sum()).isEqualTo(150 - before);
    assertThat(CountingHook.TRAINED).hasSize((int) (150 - before)).containsValue(1);
    assertThat(CountingHook.TRAINED.values()).containsOnly(1);
  }
}
