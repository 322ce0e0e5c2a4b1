package io.attune.jobs.spark;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Checks the Spark that Attune runs on, which must be 3.5 for Scala 2.12. */
public final class SparkRuntime {
  private static final String STAND_ALONE = "spark://";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private SparkRuntime() {}

  /** Returns the version of Spark, such as {@code 3.5.5}. */
  public static String spark() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  /** Returns the version of Scala, such as {@code 2.12.18}. */
  public static String scala() {
    return scala.util.Properties.versionNumberString();
  }

  /**
   * Rejects an unsupported version of Spark before it fails in the middle of a stage.
   *
   * @throws Failure.BadUsage saying which it is, and what to do
   */
  public static void requireFit() {
    requireFit(spark(), scala());
  }

  public static void requireFit(String spark, String scala) {
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
  public static void requireShared(String root, String master) {
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
   * Refuses a cluster whose executors could not reach the root: stand-alone Spark passes on no
   * Kerberos tokens (its scheduler has no {@code HadoopDelegationTokenManager}, others have).
   *
   * @param secured whether Hadoop asks for Kerberos
   * @throws Failure.BadUsage if it does, for a root on HDFS and a stand-alone master
   */
  public static void requireTokens(String root, String master, boolean secured) {
    if (secured
        && master.startsWith(STAND_ALONE)
        && "hdfs".equals(new Path(root).toUri().getScheme())) {
      throw new Failure.BadUsage(
          "The root '%s' asks for Kerberos, and stand-alone Spark, %s, hands its executors no"
              + " tokens for it; run nights with --cluster yarn, kubernetes or local",
          root, master);
    }
  }

  /**
   * Explains why Spark did not open a session; empty if its own message is sufficient.
   *
   * @param master Spark's, such as {@code yarn} or {@code spark://a:7077,b:7077}
   */
  static Optional<Failure> explainFailure(String master, Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (message.startsWith("Invalid master URL")) {
      return Optional.of(
          new Failure.BadUsage(
              "The master '%s' names no host and port; write spark://HOST:PORT, as its own page"
                  + " does",
              master));
    }
    if (!message.contains("stopped")) {
      return Optional.empty();
    }
    Optional<String> unreachable = unreachable(master);
    if (unreachable.isPresent()) {
      return Optional.of(
          new Failure.BadInput(
              thrown,
              "The master '%s' does not answer (%s); check that it runs, that host and port are"
                  + " those of its own page (--master, or spark.master in conf/standalone.conf),"
                  + " and that no firewall is in between; then run again",
              master,
              unreachable.get()));
    }
    return Optional.of(
        new Failure.BadInput(
            thrown,
            "The cluster '%s' gave up the application before it had its executors (%s); ERROR lines"
                + " of the log say why: it was killed there, its executors do not start, or"
                + " spark.authenticate.secret or the version of Spark is another; then run again",
            master,
            message));
  }

  /** Returns why no master of a stand-alone Spark answers; empty if one does. */
  private static Optional<String> unreachable(String master) {
    if (!master.startsWith(STAND_ALONE)) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    for (String address : master.substring(STAND_ALONE.length()).split(",", 0)) {
      URI uri = URI.create(STAND_ALONE + address);
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(uri.getHost(), uri.getPort()), (int) PATIENCE.toMillis());
        return Optional.empty();
      } catch (UnknownHostException e) {
        reasons.add("no host " + uri.getHost() + " is known");
      } catch (IOException e) {
        reasons.add(address + ": " + e.getMessage());
      }
    }
    return Optional.of(String.join(", ", reasons));
  }

  /** Returns what is wrong with a version of Spark and how to fix it; empty if it is right. */
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
