package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.spark.SparkRuntime;
import java.util.Optional;

/** Checks the Spark version of this process. */
final class SparkChecks {
  private static final Subject SPARK =
      new Subject("spark", "NoSuchMethodError and NoClassDefFoundError in the middle of a stage");

  private SparkChecks() {}

  static Check spark(String spark, String scala) {
    String found = "Spark " + spark + ", Scala " + scala;
    Optional<String> advice = SparkRuntime.advice(spark, scala);
    return advice.isEmpty() ? SPARK.ok(found) : SPARK.failure(found, advice.get());
  }
}
