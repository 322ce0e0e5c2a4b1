package io.attune.pipeline.train.averaging;

import io.attune.pipeline.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** The rounds of one epoch. */
record Epoch(
    JavaSparkContext spark,
    Setup setup,
    Work work,
    List<RoundListener> roundListeners,
    List<TrainingListener> listeners) {
  private static final AtomicLong ROUNDS = new AtomicLong();

  /**
   * Trains the graph's network in place; if a round fails it is left as the round before left it.
   *
   * @param legs rounds of the epoch that were made before
   */
  void run(SparkComputationGraph graph, List<Leg> legs) {
    ComputationGraph network = graph.getNetwork();
    int epoch = network.getEpochCount();
    int made = legs.stream().mapToInt(Leg::rounds).sum();
    boolean goesOn =
        !legs.isEmpty() && legs.get(legs.size() - 1).workers() == setup.config().workers();
    int first = goesOn ? legs.get(legs.size() - 1).rounds() : 0;
    NetworkState state = NetworkState.of(network);
    setup.exchange().requireFits(spark, state);
    listeners.forEach(listener -> listener.onEpochStart(network));
    try {
      for (int round = first; round < work.plan().rounds(); round++) {
        spark.setJobDescription(
            "train: epoch %d, round %d of %d"
                .formatted(epoch + 1, round + 1, work.plan().rounds()));
        Outcome outcome = run(new Place(epoch, round, made - first + round), state);
        state = outcome.state();
        graph.setScore(outcome.round().loss());
        tell(outcome, network);
      }
      listeners.forEach(listener -> listener.onEpochEnd(network));
    } finally {
      state.copyTo(network);
      spark.setJobDescription(null);
    }
  }

  /**
   * Where in the training a round is.
   *
   * @param round of the plan
   * @param ofEpoch the same, counted from the epoch's first round
   */
  private record Place(int epoch, int round, int ofEpoch) {}

  private record Outcome(Round round, NetworkState state) {}

  private Outcome run(Place place, NetworkState start) {
    long started = System.nanoTime();
    String name = setup.training() + "/" + ROUNDS.incrementAndGet();
    try (Exchange.Mail mail = setup.exchange().send(spark, name, start)) {
      List<Assignment> assignments = assignments(name, place);
      Exchange.Gathered gathered =
          setup
              .exchange()
              .gather(
                  work.tasks(place.round(), mail.outgoing(), assignments), name, mail.outgoing());
      List<WorkerResult> results = gathered.results();
      requireFinite(place, results);
      requireAllTrained(place, assignments, results);
      NetworkState mean = gathered.mean().orElse(start);
      return new Outcome(summary(place, results, System.nanoTime() - started), mean);
    }
  }

  private List<Assignment> assignments(String name, Place place) {
    List<Assignment> assignments = new ArrayList<>();
    RoundPlan plan = work.plan();
    for (int worker = 0; worker < plan.workers(); worker++) {
      assignments.add(
          new Assignment(
              name,
              place.epoch(),
              worker,
              Seeds.mix(setup.config().seed(), place.epoch(), place.ofEpoch(), worker),
              plan.to(place.round(), worker) - plan.from(place.round(), worker)));
    }
    return assignments;
  }

  private void requireFinite(Place place, List<WorkerResult> results) {
    for (WorkerResult result : results) {
      if (!result.fault().isEmpty()) {
        String lastGood =
            roundListeners.stream()
                .map(RoundListener::lastGood)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("none");
        throw new Failure.TrainingDiverged(
            "Training diverged in epoch %d, round %d of %d: worker %d is not finite, %s; last good"
                + " checkpoint: %s; lower the learning rate or clip gradients, and train again",
            place.epoch() + 1,
            place.round() + 1,
            work.plan().rounds(),
            result.worker(),
            result.fault(),
            lastGood);
      }
    }
  }

  private void requireAllTrained(
      Place place, List<Assignment> assignments, List<WorkerResult> results) {
    for (int worker = 0; worker < results.size(); worker++) {
      long planned = assignments.get(worker).units();
      long trained = results.get(worker).units();
      if (planned != trained) {
        throw new Failure.BadInput(
            "The ledger of epoch %d, round %d does not balance: worker %d was given %d %s and"
                + " trained %d; the data changed while it was read, so make it stable (store it"
                + " before training) and train again",
            place.epoch() + 1,
            place.round() + 1,
            worker,
            planned,
            work.rowsIn(place.round()) == planned ? "rows" : "units",
            trained);
      }
    }
  }

  private Round summary(Place place, List<WorkerResult> results, long nanos) {
    long rows = results.stream().mapToLong(WorkerResult::rows).sum();
    long planned = work.rowsIn(place.round());
    return new Round(
        place.epoch(),
        place.round(),
        work.plan().rounds(),
        work.plan().workers(),
        planned == Work.UNKNOWN ? rows : planned,
        rows,
        results.stream().mapToLong(WorkerResult::tokens).sum(),
        results.stream().mapToLong(WorkerResult::steps).sum(),
        results.stream().mapToDouble(WorkerResult::lossSum).sum() / Math.max(1, rows),
        seconds(nanos),
        seconds(results.stream().mapToLong(WorkerResult::computeNanos).sum()) / results.size(),
        seconds(results.stream().mapToLong(WorkerResult::readNanos).sum()) / results.size());
  }

  private static double seconds(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }

  private void tell(Outcome outcome, ComputationGraph network) {
    roundListeners.forEach(listener -> listener.onRound(outcome.round(), outcome.state()));
    if (!listeners.isEmpty()) {
      outcome.state().copyTo(network);
      network.setScore(outcome.round().loss());
      listeners.forEach(
          listener ->
              listener.iterationDone(
                  network, outcome.state().iteration(), outcome.round().epoch()));
    }
  }
}
