package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;

/** Runs a JVM with its own Spark cluster, whose executors are processes. */
final class SparkProcess {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private SparkProcess() {}

  /** Runs a main class on a folder to its end; its exit code must be 0. */
  static void run(Class<?> main, Path folder) throws IOException, InterruptedException {
    Process process = start(main, folder);
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
  }

  private static Process start(Class<?> main, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(options());
    // A killed process does not clean up: its files must lie where the test removes them.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), main.getName()));
    command.add(folder.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    // Workers look for Spark's jars there; the executors' class path has them all.
    Files.createDirectories(folder.resolve("spark/jars"));
    builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  /** Returns the options of this JVM that others need or are quicker by. */
  private static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:"))
        .toList();
  }

  /** Returns the configuration of a cluster with two executors of one core, for the main class. */
  static SparkConf conf(String name) {
    return new SparkConf()
        .setMaster("local-cluster[2,1,1024]")
        .setAppName(name)
        .set("spark.executor.memory", "1g")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set(
            "spark.executor.extraJavaOptions",
            String.join(" ", options())
                + " -Djava.io.tmpdir="
                + System.getProperty("java.io.tmpdir"))
        .set("spark.executorEnv.OMP_NUM_THREADS", "1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.ui.enabled", "false");
  }
}
