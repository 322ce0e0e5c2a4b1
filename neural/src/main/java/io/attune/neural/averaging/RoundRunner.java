package io.attune.neural.averaging;

import io.attune.neural.averaging.exchange.Exchange;
import io.attune.neural.averaging.exchange.Trained;
import io.attune.neural.averaging.exchange.WorkerResult;
import io.attune.neural.averaging.plan.Assignment;
import io.attune.neural.averaging.plan.RoundPlan;
import io.attune.neural.averaging.plan.Seeds;
import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import io.attune.neural.averaging.worker.Setup;
import io.attune.neural.averaging.worker.Work;
import io.attune.schemas.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Runs one round as a Spark job: sends the state, trains, averages, and checks the ledger.
 *
 * @param resources that tasks request from Spark
 */
record RoundRunner(JavaSparkContext spark, Setup setup, Optional<ResourceProfile> resources) {
  private static final AtomicLong ROUNDS = new AtomicLong();

  /**
   * Holds the outcome of a round, before anything is decided about it.
   *
   * @param results of all workers, in their order
   * @param mean of the states that count; the start of the round if there is none
   */
  record Attempt(Round round, List<WorkerResult> results, NetworkState mean) {}

  /**
   * Trains a round.
   *
   * @param start state that the round starts from
   * @param progress before the round
   * @throws Failure.BadInput if a worker without a failure trained another number of units than the
   *     plan gave it
   */
  Attempt run(Work work, RoundPosition position, NetworkState start, AveragingProgress progress) {
    long started = System.nanoTime();
    String name = setup.training() + "/" + ROUNDS.incrementAndGet();
    Exchange exchange = setup.exchange();
    try (Exchange.Message message = exchange.send(spark, name, start)) {
      List<Assignment> assignments = assignments(work.plan(), name, position, progress);
      JavaRDD<Trained> tasks = work.tasks(position.round(), message.snapshot(), assignments);
      Exchange.ReduceResult reduced =
          exchange.reduce(
              resources.map(tasks::withResources).orElse(tasks), name, message.snapshot());
      requireAllTrained(work, position, assignments, reduced.results());
      return new Attempt(
          summary(work, position, reduced.results(), System.nanoTime() - started),
          reduced.results(),
          reduced.mean().orElse(start));
    }
  }

  private List<Assignment> assignments(
      RoundPlan plan, String name, RoundPosition position, AveragingProgress progress) {
    List<Assignment> assignments = new ArrayList<>();
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
              new Assignment.Clock(progress.examples(), examplesForOne, progress.stepScale()),
              setup.config().mixedProcessors() ? List.of() : progress.processors()));
    }
    return assignments;
  }

  private static void requireAllTrained(
      Work work, RoundPosition position, List<Assignment> assignments, List<WorkerResult> results) {
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

  /** Sums rows and loss of the workers in the average, and times of all workers. */
  private static Round summary(
      Work work, RoundPosition position, List<WorkerResult> results, long nanos) {
    List<WorkerResult> counting = results.stream().filter(WorkerResult::counts).toList();
    long rows = counting.stream().mapToLong(WorkerResult::rows).sum();
    long planned = work.rowsIn(position.round());
    return Round.builder()
        .epoch(position.epoch())
        .round(position.round())
        .rounds(position.rounds())
        .workers(work.plan().workers())
        .rowsPlanned(
            planned == Work.UNKNOWN
                ? results.stream().mapToLong(WorkerResult::rows).sum()
                : planned)
        .rowsTrained(rows)
        .tokens(counting.stream().mapToLong(WorkerResult::tokens).sum())
        .steps(counting.stream().mapToLong(WorkerResult::steps).sum())
        .loss(counting.stream().mapToDouble(WorkerResult::lossSum).sum() / Math.max(1, rows))
        .seconds(seconds(nanos))
        .computeSeconds(
            seconds(results.stream().mapToLong(WorkerResult::computeNanos).sum()) / results.size())
        .readSeconds(
            seconds(results.stream().mapToLong(WorkerResult::readNanos).sum()) / results.size())
        .build();
  }

  private static double seconds(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }
}
