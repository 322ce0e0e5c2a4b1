package io.attune.jobs.spark;

import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import org.apache.spark.SparkContext;
import org.slf4j.MDC;

/**
 * Marks the lines of the log with their run: {@code mdc.task}, {@code mdc.run} and {@code
 * mdc.stage} in the thread context. Spark passes keys that begin with {@code mdc.} to its tasks.
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

  /** Passes the context of this thread to the tasks of the jobs that it starts. */
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
