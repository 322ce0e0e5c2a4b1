package io.attune.neural.averaging;

import org.apache.spark.sql.SparkSession;

/** Provides the Spark session that all tests share. */
public final class TestSpark {
  private TestSpark() {}

  /** Returns a session with two threads and no web page, which stays open until the JVM ends. */
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
