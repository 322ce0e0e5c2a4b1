package io.attune.jobs.spark;

import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import org.apache.spark.SparkContext;
import org.slf4j.MDC;

/**
 * Which run a line of the log belongs to: {@code mdc.task}, {@code mdc.run} and {@code mdc.stage}
 * in the thread context. Spark carries what begins with {@code mdc.} to its tasks, wherever they
 * run.
 */
public record LogContext() implements AutoCloseable {
  private static final String TASK = "mdc.task";
  private static final String RUN = "mdc.run";
  private static final String STAGE = "mdc.stage";

  public static LogContext of(Run run, Stage stage) {
    MDC.put(TASK, run.task());
    MDC.put(RUN, run.id());
    MDC.put(STAGE, stage.word());
    return new LogContext();
  }

  /** Tasks of jobs that this thread starts have what this thread has. */
  public static void shareWith(SparkContext spark) {
    for (String key : new String[] {TASK, RUN, STAGE}) {
      spark.setLocalProperty(key, MDC.get(key));
    }
  }

  @Override
  public void close() {
    MDC.remove(TASK);
    MDC.remove(RUN);
    MDC.remove(STAGE);
  }
}
