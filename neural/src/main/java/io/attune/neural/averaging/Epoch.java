package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.Work;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** Trains the rounds of one epoch. */
final class Epoch {
  private final JavaSparkContext spark;
  private final Setup setup;
  private final RoundRunner runner;
  private final StepPolicy policy;
  private final FrequencyTuner tuner;
  private final Listeners listeners;
  private final RoundWarnings warnings;
  private Work work;
  private NetworkState network;
  private OuterState outer;
  private int frequency;

  /**
   * Opens an epoch.
   *
   * @param outer with the rounds of the epoch that were made before
   */
  Epoch(RoundRunner runner, Work work, Listeners listeners, OuterState outer) {
    this.runner = runner;
    this.work = work;
    this.listeners = listeners;
    this.outer = outer;
    spark = runner.spark();
    setup = runner.setup();
    policy = new StepPolicy(setup.config());
    tuner = new FrequencyTuner(setup.config().averaging());
    warnings = new RoundWarnings(listeners, setup.config().mixedProcessors());
    frequency = outer.progress().frequency(setup.config().averaging());
  }

  /** Returns the state after the last good round. */
  OuterState outer() {
    return outer;
  }

  /** Trains the graph's network in place; if a round fails it is left as the last good one was. */
  void run(SparkComputationGraph graph) {
    ComputationGraph trained = graph.getNetwork();
    int workers = setup.config().averaging().workers();
    int round = outer.progress().roundsToResumeFrom(workers, frequency);
    network = NetworkState.of(trained);
    setup.exchange().requireFits(spark, network);
    listeners.epochStarts(trained);
    try {
      while (round < work.plan().rounds()) {
        Round made = train(position(trained.getEpochCount(), round));
        graph.setScore(made.loss());
        listeners.roundEnds(made, network, outer, trained);
        round = replan() ? 0 : round + 1;
      }
      OptionalInt proposed = tuner.proposedFrequency(outer.progress(), frequency);
      outer = outer.with(outer.progress().betweenEpochs());
      proposed.ifPresent(chosen -> outer = outer.with(outer.progress().withFrequency(chosen)));
      listeners.epochEnds(trained);
    } finally {
      network.copyTo(trained);
      spark.setJobDescription(null);
    }
  }

  private RoundPosition position(int epoch, int round) {
    return new RoundPosition(epoch, round, work.plan().rounds(), outer.progress().roundsOfEpoch());
  }

  /** Trains a round, again and with a smaller step if it diverges and a rollback is left. */
  private Round train(RoundPosition position) {
    spark.setJobDescription("train: " + position);
    while (true) {
      RoundRunner.Attempt attempt = runner.run(work, position, network, outer.progress());
      StepPolicy.Decision decision = policy.decide(attempt, network, outer);
      if (decision instanceof StepPolicy.Decision.Step step) {
        warnings.after(work, position, attempt.results());
        network = step.network();
        List<String> kinds =
            attempt.results().stream().map(WorkerResult::processor).distinct().toList();
        outer =
            new OuterState(
                outer.progress().after(attempt.round(), frequency).on(kinds), step.velocity());
        tuner.add(attempt, spark.sc().defaultParallelism());
        return attempt.round();
      }
      rollBack(position, ((StepPolicy.Decision.Divergence) decision).reason());
    }
  }

  private void rollBack(RoundPosition position, String reason) {
    outer = outer.with(policy.rollBack(position, reason, outer.progress(), listeners.lastGood()));
    listeners.warn(
        "%s diverged: %s; it is trained again from where it started, with %s of the learning rate"
            .formatted(position, reason, outer.progress().stepScale()));
  }

  /** Plans the rest of the epoch for a proposed frequency, if there is one and the work allows. */
  private boolean replan() {
    OptionalInt proposed = tuner.proposedFrequency(outer.progress(), frequency);
    if (proposed.isEmpty()) {
      return false;
    }
    int made = outer.progress().roundsToResumeFrom(work.plan().workers(), frequency);
    Optional<Work> left = work.replanned(made, proposed.getAsInt());
    if (left.isEmpty()) {
      return false;
    }
    work = left.get();
    frequency = proposed.getAsInt();
    outer = outer.with(outer.progress().withFrequency(frequency));
    tuner.restart();
    return true;
  }
}
