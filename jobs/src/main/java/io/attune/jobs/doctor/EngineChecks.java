package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import io.attune.jobs.spark.Engine;
import java.util.Optional;

/** The Spark that this process runs on. */
final class EngineChecks {
  private static final Subject SPARK =
      new Subject("spark", "NoSuchMethodError and NoClassDefFoundError in the middle of a stage");

  private EngineChecks() {}

  static Check spark(String spark, String scala) {
    String found = "Spark " + spark + ", Scala " + scala;
    Optional<String> advice = Engine.advice(spark, scala);
    return advice.isEmpty() ? SPARK.ok(found) : SPARK.failure(found, advice.get());
  }
}
