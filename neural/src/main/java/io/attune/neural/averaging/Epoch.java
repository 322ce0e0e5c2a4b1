package io.attune.neural.averaging;

import io.attune.neural.averaging.config.OuterOptimizer;
import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.Seeds;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.OuterState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.Work;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** The rounds of one epoch. */
final class Epoch {
  private static final AtomicLong ROUNDS = new AtomicLong();

  private final JavaSparkContext spark;
  private final Setup setup;
  private Work work;
  private final Optional<ResourceProfile> resources;
  private final Listeners listeners;
  private final OuterOptimizer optimizer;
  private final Stragglers stragglers = new Stragglers();
  private Optional<Overhead> overhead = Optional.empty();
  private NetworkState network;
  private OuterState outer;
  private int frequency;

  /** Who hears of it. */
  record Listeners(List<RoundListener> rounds, List<TrainingListener> iterations) {
    void warn(String message) {
      rounds.forEach(listener -> listener.onWarning(message));
    }

    String lastGood() {
      return rounds.stream()
          .map(RoundListener::lastGood)
          .filter(name -> !name.isEmpty())
          .findFirst()
          .orElse("none");
    }
  }

  /**
   * Opens an epoch.
   *
   * @param resources what tasks ask of Spark
   * @param outer with the rounds of the epoch that were made before
   */
  Epoch(
      JavaSparkContext spark,
      Setup setup,
      Work work,
      Optional<ResourceProfile> resources,
      Listeners listeners,
      OuterState outer) {
    this.spark = spark;
    this.setup = setup;
    this.work = work;
    this.resources = resources;
    this.listeners = listeners;
    this.outer = outer;
    optimizer = setup.config().outer().optimizer();
    frequency = outer.frequency(setup.config());
    restartMeasurement();
  }

  /** After the last round that was good. */
  OuterState outer() {
    return outer;
  }

  /**
   * Trains the graph's network in position; if a round fails it is left as the last good one was.
   */
  void run(SparkComputationGraph graph) {
    ComputationGraph trained = graph.getNetwork();
    int round = outer.roundsToResumeFrom(setup.config().workers(), frequency);
    network = NetworkState.of(trained);
    setup.exchange().requireFits(spark, network);
    listeners.iterations().forEach(listener -> listener.onEpochStart(trained));
    try {
      while (round < work.plan().rounds()) {
        Round made = run(new RoundPosition(trained.getEpochCount(), round, outer.roundsOfEpoch()));
        graph.setScore(made.loss());
        notifyListeners(made, trained);
        round = replan() ? 0 : round + 1;
      }
      OptionalInt better = proposedFrequency();
      outer = outer.betweenEpochs();
      better.ifPresent(chosen -> outer = outer.withFrequency(chosen));
      listeners.iterations().forEach(listener -> listener.onEpochEnd(trained));
    } finally {
      network.copyTo(trained);
      spark.setJobDescription(null);
    }
  }

  /**
   * Where in the training a round is.
   *
   * @param round of the plan
   * @param ofEpoch the same, counted from the epoch's first round
   */
  private record RoundPosition(int epoch, int round, int ofEpoch) {}

  private record Attempt(Round round, List<WorkerResult> results, NetworkState mean) {}

  /** Trains a round, again and with a smaller step if it diverges and that may be. */
  private Round run(RoundPosition position) {
    spark.setJobDescription("train: " + name(position));
    while (true) {
      Attempt attempt = attempt(position);
      Round round = attempt.round();
      String fault =
          RoundCheck.failureOf(
              setup.config().guards(), attempt.results(), round.loss(), outer.firstLoss());
      if (fault.isEmpty()) {
        OuterOptimizer.Step step = step(attempt.mean());
        NetworkState next =
            new NetworkState(
                step.parameters(), attempt.mean().updater(), attempt.mean().iteration());
        if (next.isFinite()) {
          RoundCheck.faulty(attempt.results()).forEach(result -> warnOfLeftOut(position, result));
          stragglers.after(attempt.results()).ifPresent(listeners::warn);
          network = next;
          outer = outer.after(round, frequency, step.velocity());
          measure(attempt);
          return round;
        }
        fault = "the outer step is not finite";
      }
      rollBack(position, fault);
    }
  }

  private void restartMeasurement() {
    double share = setup.config().maxAveragingShare();
    overhead = share == 0 ? Optional.empty() : Optional.of(new Overhead(share));
  }

  private void measure(Attempt attempt) {
    double slots = spark.sc().defaultParallelism();
    double turns = Math.max(1, setup.config().workers() / slots);
    overhead.ifPresent(costs -> costs.add(attempt.round(), attempt.results(), turns));
  }

  private OptionalInt proposedFrequency() {
    boolean warmingUp = outer.rounds() < setup.config().warmUpRounds();
    return warmingUp || overhead.isEmpty()
        ? OptionalInt.empty()
        : overhead.get().proposedFrequency(frequency);
  }

  /** Plans what is left of the epoch for a better frequency, where there is one and it can be. */
  private boolean replan() {
    OptionalInt better = proposedFrequency();
    Optional<Work> left =
        better.isEmpty()
            ? Optional.empty()
            : work.replanned(
                outer.roundsToResumeFrom(work.plan().workers(), frequency), better.getAsInt());
    left.ifPresent(
        planned -> {
          work = planned;
          frequency = better.getAsInt();
          outer = outer.withFrequency(frequency);
          restartMeasurement();
        });
    return left.isPresent();
  }

  private OuterOptimizer.Step step(NetworkState mean) {
    boolean warmingUp = outer.rounds() < setup.config().warmUpRounds();
    OuterOptimizer rule = warmingUp ? new OuterOptimizer.PlainAverage() : optimizer;
    return rule.step(network.parameters(), mean.parameters(), outer.velocity());
  }

  private void rollBack(RoundPosition position, String fault) {
    int allowed = setup.config().guards().rollbacks();
    if (outer.rollbacks() >= allowed) {
      throw new Failure.TrainingDiverged(
          "Training diverged in %s: %s%s; last good checkpoint: %s; lower the learning rate or clip"
              + " gradients, and train again",
          name(position),
          fault,
          allowed == 0 ? "" : ", after %d rollbacks".formatted(allowed),
          listeners.lastGood());
    }
    outer = outer.rolledBack();
    listeners.warn(
        "%s diverged: %s; it is trained again from where it started, with %s of the learning rate"
            .formatted(name(position), fault, outer.stepScale()));
  }

  private String name(RoundPosition position) {
    return "epoch %d, round %d of %d"
        .formatted(position.epoch() + 1, position.round() + 1, work.plan().rounds());
  }

  private void warnOfLeftOut(RoundPosition position, WorkerResult result) {
    RoundPlan plan = work.plan();
    long units =
        plan.to(position.round(), result.worker()) - plan.from(position.round(), result.worker());
    listeners.warn(
        "%s: worker %d on %s is left out of the average, and with it the %d %s it was given: %s"
            .formatted(
                name(position),
                result.worker(),
                result.place(),
                units,
                work.rowsIn(position.round()) == plan.unitsIn(position.round()) ? "rows" : "units",
                result.fault()));
  }

  private Attempt attempt(RoundPosition position) {
    long started = System.nanoTime();
    String name = setup.training() + "/" + ROUNDS.incrementAndGet();
    try (Exchange.Message message = setup.exchange().send(spark, name, network)) {
      List<Assignment> assignments = assignments(name, position);
      JavaRDD<Trained> tasks = work.tasks(position.round(), message.snapshot(), assignments);
      Exchange.ReduceResult gathered =
          setup
              .exchange()
              .reduce(resources.map(tasks::withResources).orElse(tasks), name, message.snapshot());
      requireAllTrained(position, assignments, gathered.results());
      return new Attempt(
          summary(position, gathered.results(), System.nanoTime() - started),
          gathered.results(),
          gathered.mean().orElse(network));
    }
  }

  private List<Assignment> assignments(String name, RoundPosition position) {
    List<Assignment> assignments = new ArrayList<>();
    RoundPlan plan = work.plan();
    for (int worker = 0; worker < plan.workers(); worker++) {
      long units = plan.to(position.round(), worker) - plan.from(position.round(), worker);
      double examplesForOne = (double) plan.unitsIn(position.round()) / Math.max(1, units);
      assignments.add(
          new Assignment(
              name,
              position.epoch(),
              worker,
              Seeds.mix(setup.config().seed(), position.epoch(), position.ofEpoch(), worker),
              units,
              new Assignment.Clock(outer.examples(), examplesForOne, outer.stepScale())));
    }
    return assignments;
  }

  private void requireAllTrained(
      RoundPosition position, List<Assignment> assignments, List<WorkerResult> results) {
    for (int worker = 0; worker < results.size(); worker++) {
      long planned = assignments.get(worker).units();
      long trained = results.get(worker).units();
      if (planned != trained && results.get(worker).fault().isEmpty()) {
        throw new Failure.BadInput(
            "The ledger of epoch %d, round %d does not balance: worker %d was given %d %s and"
                + " trained %d; the data changed while it was read, so make it stable (store it"
                + " before training) and train again",
            position.epoch() + 1,
            position.round() + 1,
            worker,
            planned,
            work.rowsIn(position.round()) == planned ? "rows" : "units",
            trained);
      }
    }
  }

  /** Rows and loss are those of the workers in the average; times are everybody's. */
  private Round summary(RoundPosition position, List<WorkerResult> results, long nanos) {
    List<WorkerResult> counting = results.stream().filter(WorkerResult::counts).toList();
    long rows = counting.stream().mapToLong(WorkerResult::rows).sum();
    long planned = work.rowsIn(position.round());
    return new Round(
        position.epoch(),
        position.round(),
        work.plan().rounds(),
        work.plan().workers(),
        planned == Work.UNKNOWN ? results.stream().mapToLong(WorkerResult::rows).sum() : planned,
        rows,
        counting.stream().mapToLong(WorkerResult::tokens).sum(),
        counting.stream().mapToLong(WorkerResult::steps).sum(),
        counting.stream().mapToDouble(WorkerResult::lossSum).sum() / Math.max(1, rows),
        seconds(nanos),
        seconds(results.stream().mapToLong(WorkerResult::computeNanos).sum()) / results.size(),
        seconds(results.stream().mapToLong(WorkerResult::readNanos).sum()) / results.size());
  }

  private static double seconds(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }

  private void notifyListeners(Round round, ComputationGraph trained) {
    listeners.rounds().forEach(listener -> listener.onRound(round, network, outer));
    if (!listeners.iterations().isEmpty()) {
      network.copyTo(trained);
      trained.setScore(round.loss());
      listeners
          .iterations()
          .forEach(listener -> listener.iterationDone(trained, network.iteration(), round.epoch()));
    }
  }
}
