package io.attune.pipeline;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** Describes Spark jobs in Spark's pages and event log. */
public final class JobDescription {
  private static final String PROPERTY = "spark.job.description";

  private JobDescription() {}

  /** Starts Spark jobs. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Does work whose jobs have a description, and restores the description that was set before.
   *
   * @param description stage and work, such as {@code clean: normalise texts}
   * @return what the work returns
   */
  public static <T, E extends Exception> T during(
      SparkSession spark, String description, Work<T, E> work) throws E {
    SparkContext context = spark.sparkContext();
    String before = context.getLocalProperty(PROPERTY);
    context.setJobDescription(description);
    try {
      return work.run();
    } finally {
      context.setJobDescription(before);
    }
  }
}
