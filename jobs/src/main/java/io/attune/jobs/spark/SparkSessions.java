package io.attune.jobs.spark;

import io.attune.schemas.failure.Failure;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Opens the Spark session of a process: spark-submit's where it was used, else an embedded one. */
public final class SparkSessions {
  /**
   * Whether clients of a single NameNode wait while it is started again (Hadoop's own default is to
   * ask once); how long is said by {@code dfs.client.retry.policy.spec}.
   */
  public static final String WAIT_FOR_NAME_NODE = "dfs.client.retry.policy.enabled";

  private static volatile boolean opened;

  private SparkSessions() {}

  /**
   * Opens a session and stops it, unless this process has had one: YARN takes a driver that never
   * had one for a failure, and a night on which nothing is new has none.
   */
  public static void satisfyYarn() {
    if (!opened) {
      open("attune", Map.of()).stop();
    }
  }

  /**
   * Opens the session.
   *
   * @param settings of the task; what spark-submit was given wins
   * @throws Failure.BadUsage if the master names no host and port
   * @throws Failure.BadInput if the cluster does not answer, or gave up before the first work
   */
  public static SparkSession open(String name, Map<String, String> settings) {
    SparkConf conf = conf(settings);
    conf.setAppName(name);
    opened = true;
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) { // Spark's own are checked, and Scala throws them undeclared
      Optional<Failure> why = SparkRuntime.explainFailure(conf.get("spark.master"), e);
      if (why.isPresent()) {
        throw why.get();
      }
      throw e;
    }
  }

  /** The Hadoop configuration that the session would have, without opening it. */
  public static Configuration hadoop(Map<String, String> settings) {
    return SparkHadoopUtil.get().newConfiguration(conf(settings));
  }

  /** Every setting that the session would have, without opening it. */
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
    }
    return conf;
  }

  /**
   * For Prometheus, on the port of Spark's pages: {@code /metrics/prometheus} of the driver, {@code
   * /metrics/executors/prometheus} of the executors. The namespace is fixed, so that a metric has
   * the same name every night; Spark's own is the application's id.
   */
  private static void exposeMetrics(SparkConf conf) {
    String sink = "spark.metrics.conf.*.sink.prometheusServlet.";
    conf.setIfMissing(sink + "class", "org.apache.spark.metrics.sink.PrometheusServlet");
    conf.setIfMissing(sink + "path", "/metrics/prometheus");
    conf.setIfMissing("spark.ui.prometheus.enabled", "true");
    conf.setIfMissing("spark.metrics.namespace", "attune");
  }
}
