package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the launcher refuses before any JVM of Attune's is started, with Javas and Sparks of air.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "attune").toAbsolutePath().normalize();

  @TempDir Path folder;
  private final Map<String, String> env = new HashMap<>();
  private String said;

  @ParameterizedTest
  @CsvSource({"1.8.0_402, 8", "11.0.23, 11", "21.0.3, 21"})
  void otherJavasAreRefusedWithWhatToDo(String version, String name) throws Exception {
    java(version);

    assertThat(launch("doctor")).isEqualTo(2);
    assertThat(said.lines()).hasSize(1);
    assertThat(said).contains("is Java " + name + ",", "runs on 17: set JAVA_HOME to a JDK 17");
  }

  @Test
  void missingJavaIsRefusedWithWhatToDo() throws Exception {
    env.put("JAVA_HOME", folder.resolve("none").toString());

    assertThat(launch("doctor")).isEqualTo(2);
    assertThat(said).contains("there is no", "install a JDK 17, or set JAVA_HOME to one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark-core_2.13-3.5.5.jar",
        "spark-core_2.12-3.4.4.jar",
        "spark-core_2.13-4.0.0.jar"
      })
  void otherSparksAreRefusedWithWhatToDo(String jar) throws Exception {
    java("17.0.15");
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    Files.createFile(jars.resolve(jar));
    env.put("SPARK_HOME", folder.resolve("spark").toString());

    assertThat(launch("nightly")).isEqualTo(2);
    assertThat(said.lines()).hasSize(1);
    assertThat(said).contains("has " + jar, "runs on Spark 3.5 for Scala 2.12 only");
  }

  @Test
  void yarnWithoutAHadoopConfigurationIsRefused() throws Exception {
    java("17.0.15");

    assertThat(launch("--master", "yarn", "nightly")).isEqualTo(2);
    assertThat(said).contains("YARN needs HADOOP_CONF_DIR: set it to the folder with core-site");
  }

  @Test
  void unknownFormOfTheLogIsRefused() throws Exception {
    java("17.0.15");
    env.put("ATTUNE_LOG_FORMAT", "xml");

    assertThat(launch("runs")).isEqualTo(2);
    assertThat(said).contains("ATTUNE_LOG_FORMAT=xml is not known");
  }

  /** Says its version, and fails if anything else is asked of it. */
  private void java(String version) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    Path java =
        Files.writeString(
            bin.resolve("java"),
            """
            #!/bin/sh
            [ "$1" = -version ] || exit 99
            echo 'openjdk version "%s" 2024-01-01' >&2
            """
                .formatted(version));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    env.put("JAVA_HOME", folder.resolve("jdk").toString());
  }

  private int launch(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.matches("ATTUNE_.*|SPARK_HOME|HADOOP_CONF_DIR|YARN_CONF_DIR"));
    builder.environment().putAll(env);
    Process process = builder.start();
    process.getOutputStream().close();
    said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }
}
