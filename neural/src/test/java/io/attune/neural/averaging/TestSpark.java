package io.attune.neural.averaging;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of the tests. */
public final class TestSpark {
  private TestSpark() {}

  /** Two threads, no web page; never stopped before the JVM ends. */
  public static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.default.parallelism", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
