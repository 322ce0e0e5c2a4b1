package io.attune.pipeline.telemetry;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import scala.collection.Seq;

/**
 * Provides the source {@code training} of the driver's metrics: the numbers of the last averaging
 * round. Values are 0 before the first.
 */
public final class TrainingGauges implements Source {
  static final String NAME = "training";

  private final MetricRegistry registry = new MetricRegistry();
  private volatile Values last = new Values(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private TrainingGauges() {
    gauge("network", Values::network);
    gauge("epoch", Values::epoch);
    gauge("round", Values::round);
    gauge("workers", Values::workers);
    gauge("rows_trained", Values::rowsTrained);
    gauge("rows_planned", Values::rowsPlanned);
    gauge("loss", Values::loss);
    gauge("tokens_per_second", Values::tokensPerSecond);
    gauge("averaging_share", Values::averagingShare);
  }

  /**
   * Holds the numbers after a round.
   *
   * @param network that is being trained, from 1
   * @param epoch of the network, from 1
   * @param round of the network, from 1, over all epochs
   * @param rowsTrained of all networks since the training began, resumed ones included; a network
   *     that ended before its last epoch counts as whole
   * @param rowsPlanned of all epochs of all networks; patience may end sooner
   * @param loss mean over the rows of the epoch so far; lower is better
   * @param tokensPerSecond since the training of the network began; higher is better
   * @param averagingShare of the time neither computing nor reading, in [0, 1]; lower is better
   */
  public record Values(
      int network,
      int epoch,
      int round,
      int workers,
      long rowsTrained,
      long rowsPlanned,
      double loss,
      double tokensPerSecond,
      double averagingShare) {}

  /** Returns the gauges of this driver's Spark, registered on the first call. */
  public static synchronized TrainingGauges ofDriver() {
    MetricsSystem system = SparkEnv.get().metricsSystem();
    Seq<Source> found = system.getSourcesByName(NAME);
    if (!found.isEmpty()) {
      return (TrainingGauges) found.head();
    }
    TrainingGauges gauges = new TrainingGauges();
    system.registerSource(gauges);
    return gauges;
  }

  /** Replaces all values at once. */
  public void show(Values values) {
    last = values;
  }

  @Override
  public String sourceName() {
    return NAME;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  private void gauge(String name, ToDoubleFunction<Values> value) {
    registry.register(name, (Gauge<Double>) () -> value.applyAsDouble(last));
  }
}
