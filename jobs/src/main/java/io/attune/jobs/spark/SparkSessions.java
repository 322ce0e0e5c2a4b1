package io.attune.jobs.spark;

import io.attune.pipeline.storage.local.LocalFiles;
import io.attune.schemas.failure.Failure;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.Tuple2;

/** Opens the Spark session of a process: that of spark-submit if there is one, else a local one. */
public final class SparkSessions {
  /**
   * Names the setting by which clients of a single NameNode wait while it restarts (by default they
   * ask once); {@code dfs.client.retry.policy.spec} says how long.
   */
  public static final String WAIT_FOR_NAME_NODE = "dfs.client.retry.policy.enabled";

  private static volatile boolean opened;

  private SparkSessions() {}

  /**
   * Opens a session and stops it, unless this process has had one: YARN reports a driver without
   * one as failed, and a night without new files opens none.
   */
  public static void satisfyYarn() {
    if (!opened) {
      open("attune", Map.of()).stop();
    }
  }

  /**
   * Opens the session.
   *
   * @param settings of the task; those of spark-submit take precedence
   * @throws Failure.BadUsage if the master names no host and port
   * @throws Failure.BadInput if the cluster does not answer, or stopped the application early
   */
  public static SparkSession open(String name, Map<String, String> settings) {
    SparkConf conf = conf(settings);
    conf.setAppName(name);
    opened = true;
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) { // Scala throws undeclared checked exceptions
      Optional<Failure> why = SparkRuntime.explainFailure(conf.get("spark.master"), e);
      if (why.isPresent()) {
        throw why.get();
      }
      throw e;
    }
  }

  /** Returns whether this process has a session, which {@link #open} would return. */
  public static boolean isOpen() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    return session.isDefined() && !session.get().sparkContext().isStopped();
  }

  /** Returns the Hadoop configuration that the session would have, without opening it. */
  public static Configuration hadoop(Map<String, String> settings) {
    return SparkHadoopUtil.get().newConfiguration(conf(settings));
  }

  /** Returns all settings that the session would have, without opening it. */
  public static Map<String, String> settings(Map<String, String> settings) {
    return Arrays.stream(conf(settings).getAll()).collect(Collectors.toMap(Tuple2::_1, Tuple2::_2));
  }

  private static SparkConf conf(Map<String, String> settings) {
    SparkConf conf = new SparkConf();
    settings.forEach((key, value) -> conf.setIfMissing(key, value));
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    conf.setIfMissing("spark.hadoop." + WAIT_FOR_NAME_NODE, "true");
    exposeMetrics(conf);
    if (conf.get("spark.master").startsWith("local")) {
      // One machine: nothing listens to other hosts, and few partitions are enough.
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.ui.enabled", "false");
      int cores = Runtime.getRuntime().availableProcessors();
      conf.setIfMissing("spark.sql.shuffle.partitions", String.valueOf(Math.max(2, cores)));
      // Each sort and hash table of a task takes at least a page, which is zeroed. By default it
      // has up to 64 MB: for the tables of one machine zeroing takes longer than filling it.
      conf.setIfMissing("spark.buffer.pageSize", "2m");
      LocalFiles.SETTINGS.forEach((key, value) -> conf.setIfMissing("spark.hadoop." + key, value));
    }
    return conf;
  }

  /**
   * Serves metrics for Prometheus on the port of Spark's pages: {@code /metrics/prometheus} of the
   * driver, {@code /metrics/executors/prometheus} of the executors. The namespace is fixed, so that
   * a metric has the same name every night; Spark's own is the application's id.
   */
  private static void exposeMetrics(SparkConf conf) {
    String sink = "spark.metrics.conf.*.sink.prometheusServlet.";
    conf.setIfMissing(sink + "class", "org.apache.spark.metrics.sink.PrometheusServlet");
    conf.setIfMissing(sink + "path", "/metrics/prometheus");
    conf.setIfMissing("spark.ui.prometheus.enabled", "true");
    conf.setIfMissing("spark.metrics.namespace", "attune");
  }
}
