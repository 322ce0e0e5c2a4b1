package io.attune.pipeline.stage.train;

import io.attune.neural.network.Networks;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.TokenInputs;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;

/** Trains a network with a vocabulary of the task's own, from random parameters. */
record OwnNetwork(TrainingData data, TrainingSpec spec) implements NetworkPlan {

  @Override
  public NetworkPlan withSeed(long seed) {
    return new OwnNetwork(data, spec.withSeed(seed));
  }

  @Override
  public ComputationGraph start() {
    ComputationGraph network =
        new ComputationGraph(Networks.configuration(spec.model(), spec.updater(), spec.task(data)));
    network.init();
    return network;
  }

  @Override
  public RowInputs inputs() {
    return new TokenInputs();
  }

  @Override
  public List<TrainingHook> hooks() {
    return List.of();
  }

  @Override
  public ComputationGraph published(ComputationGraph trained) {
    return trained;
  }

  @Override
  public String identity() {
    return "";
  }

  @Override
  public String description() {
    return "kind `%s`"
        .formatted(spec.model().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  @Override
  public String note() {
    return "";
  }

  @Override
  public void finish() {}
}
