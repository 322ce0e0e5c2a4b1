package io.attune.bench.encode;

import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Takes the time of those jobs of the stage tokenize that encode documents. */
final class EncodingTime extends SparkListener {
  private static final String JOB = "tokenize: encode documents";

  private final SparkContext spark;
  private long started;
  private long ended;
  private int running = -1;

  private EncodingTime(SparkContext spark) {
    this.spark = spark;
  }

  static EncodingTime of(SparkContext spark) {
    EncodingTime time = new EncodingTime(spark);
    spark.addSparkListener(time);
    return time;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    Properties properties = job.properties();
    if (JOB.equals(properties.getProperty("spark.job.description"))) {
      running = job.jobId();
      started = Math.min(started, job.time());
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd job) {
    if (job.jobId() == running) {
      ended = job.time();
    }
  }

  synchronized void restart() {
    started = Long.MAX_VALUE;
    ended = 0;
  }

  /** Returns the seconds from the first of those jobs to the end of the last. */
  double seconds() {
    try {
      spark.listenerBus().waitUntilEmpty(TimeUnit.MINUTES.toMillis(1));
    } catch (Exception e) { // Scala throws undeclared checked exceptions
      throw new IllegalStateException("Spark did not tell when its jobs ended", e);
    }
    synchronized (this) {
      if (ended == 0) {
        throw new IllegalStateException("no job of the stage is named '" + JOB + "'");
      }
      return (ended - started) / 1e3;
    }
  }
}
