package io.attune.jobs.night;

import io.attune.pipeline.failure.Failure;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** The Spark that Attune runs on: 3.5 for Scala 2.12, and no other. */
public final class Engine {
  private Engine() {}

  /** Its version, such as {@code 3.5.5}. */
  public static String spark() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  /** The version of Scala that it brought, such as {@code 2.12.18}. */
  public static String scala() {
    return scala.util.Properties.versionNumberString();
  }

  /**
   * Refuses another Spark before it fails in the middle of a stage.
   *
   * @throws Failure.BadUsage saying which it is, and what to do
   */
  static void requireFit() {
    requireFit(spark(), scala());
  }

  static void requireFit(String spark, String scala) {
    advice(spark, scala)
        .ifPresent(
            advice -> {
              throw new Failure.BadUsage(
                  "Attune cannot run on Spark %s with Scala %s: %s", spark, scala, advice);
            });
  }

  /**
   * Refuses a root that would be another folder on each machine.
   *
   * @param master Spark's, such as {@code yarn}
   * @throws Failure.BadUsage if it is a path alone, and the master is not on this machine
   */
  static void requireShared(String root, String master) {
    boolean isCluster = !master.startsWith("local");
    if (isCluster && new Path(root).toUri().getScheme() == null) {
      throw new Failure.BadUsage(
          "The root '%s' names no file system, and on the cluster %s a path alone is another folder"
              + " on each machine; write hdfs:///... or hdfs://namenode/..., or file:///... for a"
              + " folder that all of them share",
          root, master);
    }
  }

  /**
   * Refuses an engine whose executors could not reach the root: stand-alone Spark hands on no
   * Kerberos tokens (its scheduler has no {@code HadoopDelegationTokenManager}, others have).
   *
   * @param secured whether Hadoop asks for Kerberos
   * @throws Failure.BadUsage if it does, for a root on HDFS and a stand-alone master
   */
  static void requireTokens(String root, String master, boolean secured) {
    if (secured
        && master.startsWith("spark:")
        && "hdfs".equals(new Path(root).toUri().getScheme())) {
      throw new Failure.BadUsage(
          "The root '%s' asks for Kerberos, and stand-alone Spark, %s, hands its executors no"
              + " tokens for it; run nights with --cluster yarn, kubernetes or local",
          root, master);
    }
  }

  /** What is wrong with a Spark and what to do; empty if nothing is. */
  public static Optional<String> advice(String spark, String scala) {
    String take = "; set SPARK_HOME to a Spark 3.5 built for Scala 2.12";
    if (!scala.startsWith("2.12.")) {
      return Optional.of(
          "dl4j-spark, which training needs, exists for Scala 2.12 only; of Spark 3.5's downloads"
              + " take the one without 'scala2.13' in its name"
              + take);
    }
    if (!spark.startsWith("3.5.")) {
      return Optional.of(
          "Iceberg's runtime, which the tables need, is built against Spark 3.5" + take);
    }
    return Optional.empty();
  }
}
