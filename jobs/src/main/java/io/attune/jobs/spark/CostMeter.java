package io.attune.jobs.spark;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;

/** Measures the use of the cluster by a Spark context, from the moment it is attached. */
public final class CostMeter extends SparkListener {
  private static final long PATIENCE_MILLIS = 10_000;
  private static final double MILLIS = 1000;

  private final Clock clock;
  private final int coresPerTask;
  private final Map<String, Held> held = new HashMap<>();
  private Cost settled = Cost.NONE;

  /** Holds the resources of one executor. */
  private record Held(int cores, int gpus, long sinceMillis) {
    Cost until(long nowMillis) {
      double seconds = Math.max(0, nowMillis - sinceMillis) / MILLIS;
      return new Cost(cores * seconds, 0, gpus * seconds);
    }
  }

  CostMeter(Clock clock, int coresPerTask) {
    this.clock = clock;
    this.coresPerTask = coresPerTask;
  }

  /** Starts counting; existing executors count from now. */
  public static CostMeter attach(SparkContext spark, Clock clock) {
    CostMeter meter = new CostMeter(clock, spark.conf().getInt("spark.task.cpus", 1));
    spark.addSparkListener(meter);
    await(spark);
    Iterator<ExecutorSummary> known = spark.statusStore().executorList(true).iterator();
    while (known.hasNext()) {
      ExecutorSummary executor = known.next();
      meter.hold(executor.id(), executor.totalCores(), gpus(executor.resources()), clock.millis());
    }
    return meter;
  }

  /** Returns the cost until now, including all tasks that have ended. */
  public Cost read(SparkContext spark) {
    await(spark);
    return read();
  }

  public synchronized Cost read() {
    long now = clock.millis();
    return held.values().stream().map(one -> one.until(now)).reduce(settled, Cost::plus);
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    hold(
        event.executorId(),
        event.executorInfo().totalCores(),
        gpus(event.executorInfo().resourcesInfo()),
        event.time());
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    Held gone = held.remove(event.executorId());
    if (gone != null) {
      settled = settled.plus(gone.until(event.time()));
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    double seconds = event.taskInfo().duration() / MILLIS;
    settled = settled.plus(new Cost(0, seconds * coresPerTask, 0));
  }

  private synchronized void hold(String id, int cores, int gpus, long sinceMillis) {
    held.putIfAbsent(id, new Held(cores, gpus, sinceMillis));
  }

  /** Waits until the listeners have received all events. */
  private static void await(SparkContext spark) {
    try {
      spark.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (TimeoutException e) {
      // A slow bus loses no events: they are counted in the next stage.
      return;
    }
  }

  private static int gpus(scala.collection.immutable.Map<String, ResourceInformation> resources) {
    return resources == null || !resources.contains("gpu")
        ? 0
        : resources.apply("gpu").addresses().length;
  }
}
