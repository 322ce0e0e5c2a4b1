package io.attune.pipeline.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.TestNight;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of an executor in the middle of a round. */
class LostExecutorIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Test
  void aRoundThatLosesAnExecutorEndsWithTheSameBits(@TempDir Path folder, @TempDir Path undisturbed)
      throws Exception {
    Process cluster = start(folder);
    try {
      assertThat(cluster.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      cluster.destroyForcibly();
    }

    assertThat(cluster.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(Files.readString(folder.resolve(ClusterTraining.REMOVED))).isEqualTo("1");
    byte[] expected =
        ClusterTraining.train(
            JavaSparkContext.fromSparkContext(TestNight.spark().sparkContext()), undisturbed);
    assertThat(Files.readAllBytes(folder.resolve(ClusterTraining.PARAMETERS))).isEqualTo(expected);
  }

  private static Process start(Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), ClusterTraining.class.getName()));
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
}
