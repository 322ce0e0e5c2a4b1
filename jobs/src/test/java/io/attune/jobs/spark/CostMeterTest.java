package io.attune.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import scala.collection.immutable.Map$;

/** Tests the measured use of the cluster. */
class CostMeterTest {
  private static final Clock AT_60_SECONDS = Clock.fixed(Instant.ofEpochSecond(60), ZoneOffset.UTC);

  @Test
  void coresAndGpusCountFromWhenTheyAreHeldUntilTheyAreGone() {
    CostMeter meter = new CostMeter(AT_60_SECONDS, 1);

    meter.onExecutorAdded(added("1", 10, 4, "0", "1"));
    meter.onExecutorAdded(added("2", 50, 8));
    meter.onExecutorRemoved(new SparkListenerExecutorRemoved(30_000, "1", "idle"));
    meter.onExecutorRemoved(new SparkListenerExecutorRemoved(30_000, "9", "never seen"));

    Cost cost = meter.read();
    assertThat(cost.coreSeconds()).isCloseTo(20 * 4 + 10 * 8, within(1e-9));
    assertThat(cost.gpuSeconds()).isCloseTo(20 * 2, within(1e-9));
    assertThat(cost.busyCoreSeconds()).isZero();
  }

  @Test
  void executorThatIsReportedTwiceCountsOnce() {
    CostMeter meter = new CostMeter(AT_60_SECONDS, 1);

    meter.onExecutorAdded(added("1", 50, 2));
    meter.onExecutorAdded(added("1", 55, 2));

    assertThat(meter.read().coreSeconds()).isCloseTo(20, within(1e-9));
  }

  @Test
  void tasksOfARealSessionAreCountedAndKnowTheirRun() {
    try (SparkSession session =
        SparkSessions.open(
            "cost", Map.of("spark.master", "local[2]", "spark.ui.enabled", "false"))) {
      CostMeter meter = CostMeter.attach(session.sparkContext(), Clock.systemUTC());
      Cost before = meter.read(session.sparkContext());
      MDC.put("mdc.run", "2026-01-02.1");
      LogContext.shareWith(session.sparkContext());

      List<String> runs =
          JavaSparkContext.fromSparkContext(session.sparkContext())
              .parallelize(List.of(1, 2), 2)
              .map(CostMeterTest::work)
              .collect();

      Cost cost = meter.read(session.sparkContext()).minus(before);
      assertThat(cost.busyCoreSeconds()).isPositive();
      assertThat(cost.coreSeconds()).isPositive();
      assertThat(cost.gpuSeconds()).isZero();
      assertThat(runs).containsOnly("2026-01-02.1");
    } finally {
      MDC.remove("mdc.run");
    }
  }

  /** Takes long enough to be measured in milliseconds. */
  private static String work(int seed) {
    double sum = seed;
    long end = System.nanoTime() + 20_000_000;
    while (System.nanoTime() < end) {
      sum = Math.sqrt(sum + 1);
    }
    return sum > 0 ? MDC.get("mdc.run") : "";
  }

  private static SparkListenerExecutorAdded added(
      String id, long seconds, int cores, String... gpus) {
    scala.collection.immutable.Map<String, String> none = Map$.MODULE$.empty();
    scala.collection.immutable.Map<String, ResourceInformation> resources = Map$.MODULE$.empty();
    if (gpus.length > 0) {
      resources =
          new scala.collection.immutable.Map.Map1<>("gpu", new ResourceInformation("gpu", gpus));
    }
    return new SparkListenerExecutorAdded(
        seconds * 1000, id, new ExecutorInfo("host", cores, none, none, resources));
  }
}
