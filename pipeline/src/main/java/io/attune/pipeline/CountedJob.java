package io.attune.pipeline;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Shows how far Spark jobs are that take minutes.
 *
 * @param done rows that tasks have finished; Spark adds those of a task when it ends
 * @param total rows, at least 1
 * @param note what is done with them
 */
public record CountedJob(LongAccumulator done, long total, String note) {
  private static final long EVERY_MILLIS = 500;

  /** Returns the count of rows of which none is done. */
  public static CountedJob of(SparkSession spark, long total, String note) {
    return new CountedJob(spark.sparkContext().longAccumulator(), Math.max(1, total), note);
  }

  /** Does work whose tasks add to {@link #done}, and shows the count twice a second meanwhile. */
  public <T, E extends Exception> T during(Progress progress, JobDescription.Work<T, E> work)
      throws E {
    show(progress);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    try {
      var unused =
          clock.scheduleWithFixedDelay(
              () -> show(progress), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
      return work.run();
    } finally {
      stop(clock);
    }
  }

  private void show(Progress progress) {
    // A task that Spark runs again counts again.
    progress.update(Math.min(done.value(), total), total, note);
  }

  /** Stops it before a later line is shown. */
  private static void stop(ExecutorService clock) {
    clock.shutdownNow();
    try {
      var unused = clock.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
