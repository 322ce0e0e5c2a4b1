package io.attune.bench.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;

import org.apache.spark.sql.SparkSession;

/**
 * Does what a user's own Spark job would do: reads JSON Lines, removes tags by a regular
 * expression, lower-cases, drops exact duplicates, and writes Parquet.
 */
final class PlainJob {
  private PlainJob() {}

  /** Takes the folder of the corpus and the folder to write. */
  public static void main(String[] arguments) {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config(
                "spark.sql.shuffle.partitions",
                String.valueOf(Math.max(2, Runtime.getRuntime().availableProcessors())))
            .getOrCreate()) {
      spark
          .read()
          .schema("id string, when string, stars string, body string")
          .json(arguments[0])
          .where(col("body").isNotNull())
          .withColumn("body", lower(regexp_replace(col("body"), "<[^>]*>", " ")))
          .dropDuplicates("body")
          .write()
          .parquet(arguments[1]);
    }
  }
}
