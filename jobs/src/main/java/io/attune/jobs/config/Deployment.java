package io.attune.jobs.config;

/** Determines where this process runs, from how spark-submit started it. */
public final class Deployment {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";
  private static final String MASTER = "spark.master";

  private Deployment() {}

  /**
   * Returns whether this process is a driver that the cluster started on one of its hosts: files of
   * the submitter are not here, and its output is not seen.
   */
  public static boolean isDriverInCluster() {
    return "cluster".equals(System.getProperty(DEPLOY_MODE));
  }

  /** Returns whether executors may be on other hosts, by what spark-submit set. */
  public static boolean isDistributed() {
    String master = System.getProperty(MASTER, "local");
    return !master.startsWith("local");
  }
}
