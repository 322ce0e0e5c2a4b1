package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;

/** Builds masters, trains with them, and compares what they trained. */
public final class TestMasters {
  private static final long SEED = 17;
  private static final int ANY_TOKENS = 100_000;

  private TestMasters() {}

  /** Configures plain averaging, in which any non-finite value ends the training. */
  public static MasterConfig.Builder config(int workers, int frequency, int batchRows) {
    return config(AveragingConfig.builder(workers, frequency), batchRows);
  }

  public static MasterConfig.Builder config(AveragingConfig.Builder averaging, int batchRows) {
    return MasterConfig.builder(averaging.build(), new BatchLimits(batchRows, ANY_TOKENS), SEED);
  }

  static AveragingMaster master(int workers, int frequency, int batchRows) {
    return new AveragingMaster(config(workers, frequency, batchRows).build());
  }

  static List<Round> record(AveragingMaster master) {
    List<Round> rounds = new ArrayList<>();
    master.listen((round, state, outer) -> rounds.add(round));
    return rounds;
  }

  /** Returns a graph with the test network and a hook that counts every trained row. */
  static SparkComputationGraph graph(
      JavaSparkContext spark, IUpdater updater, AveragingMaster master) {
    master.addHook(new CountingHook());
    return new SparkComputationGraph(spark, TestNetworks.network(updater), master);
  }

  static void fitRange(SparkComputationGraph graph, int rows) {
    graph.fitPaths(
        graph.getSparkContext().parallelize(List.of(ExampleLoader.path(rows))),
        new ExampleLoader());
  }

  public static void requireSame(ComputationGraph actual, ComputationGraph expected) {
    NetworkState found = NetworkState.of(actual);
    NetworkState wanted = NetworkState.of(expected);
    assertThat(Arrays.mismatch(found.parameters(), wanted.parameters())).isEqualTo(-1);
    assertThat(Arrays.mismatch(found.updater(), wanted.updater())).isEqualTo(-1);
    assertThat(found.iteration()).isEqualTo(wanted.iteration());
  }
}
