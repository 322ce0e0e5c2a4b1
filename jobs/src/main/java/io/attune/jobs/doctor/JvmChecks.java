package io.attune.jobs.doctor;

import io.attune.jobs.doctor.Check.Subject;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Checks the Java version of this process, its flags and its heap. */
final class JvmChecks {
  private static final Subject JAVA =
      new Subject("java", "classes that do not load, and crashes in native code");
  private static final Subject FLAGS =
      new Subject("java-flags", "Spark ending in IllegalAccessError, and loops without SIMD");
  private static final Subject HEAP = new Subject("heap", "a night that ends in OutOfMemoryError");

  private static final String RUN = "start through ./attune, which adds what is missing";
  private static final long SMALL_HEAP = 1L << 30;

  private JvmChecks() {}

  static List<Check> examine() {
    Runtime.Version version = Runtime.version();
    return List.of(
        java(version.feature(), version.toString()),
        flags(
            ManagementFactory.getRuntimeMXBean().getInputArguments(),
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()),
        heap(Runtime.getRuntime().maxMemory()));
  }

  static Check java(int feature, String version) {
    if (feature == 17) {
      return JAVA.ok(version);
    }
    String why =
        feature < 17
            ? "Attune is compiled for 17"
            : "Spark 3.5 and ND4J are released for Java up to 17";
    return JAVA.failure(
        version, why + "; install a JDK 17 and set JAVA_HOME to it, on every node of the cluster");
  }

  static Check flags(List<String> arguments, boolean vectors) {
    boolean opened =
        arguments.stream().anyMatch(argument -> argument.contains("java.base/sun.nio.ch"));
    String found =
        (opened ? "packages opened to Spark" : "packages closed to Spark")
            + (vectors ? ", vector module" : ", no vector module");
    if (!opened) {
      return FLAGS.failure(found, RUN + " (--add-opens of java.base)");
    }
    return vectors
        ? FLAGS.ok(found)
        : FLAGS.warning(found, RUN + " (--add-modules jdk.incubator.vector)");
  }

  static Check heap(long bytes) {
    String found = "%,d MiB".formatted(bytes >> 20);
    return bytes >= SMALL_HEAP
        ? HEAP.ok(found)
        : HEAP.warning(found, "set ATTUNE_JAVA_OPTS=-Xmx4g, or spark.driver.memory");
  }
}
