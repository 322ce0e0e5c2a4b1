package io.attune.jobs.config;

/** Where this process runs, seen from whoever started it. */
public final class Deployment {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";
  private static final String MASTER = "spark.master";

  private Deployment() {}

  /**
   * Whether this process is a driver that the cluster started on one of its hosts: files of the
   * submitter are not here, and nobody sees what it prints.
   */
  public static boolean isDriverInCluster() {
    return "cluster".equals(System.getProperty(DEPLOY_MODE));
  }

  /** Whether executors are on other hosts, for all that spark-submit said. */
  public static boolean isDistributed() {
    String master = System.getProperty(MASTER, "local");
    return !master.startsWith("local");
  }
}
