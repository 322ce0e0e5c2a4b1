package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.submit.FakeDistribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the launcher as a process: with fake Java installations, what it rejects before it starts a
 * JVM; with a fake Spark, how a submission ends.
 */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "attune").toAbsolutePath().normalize();

  @TempDir Path folder;
  private final Map<String, String> env = new HashMap<>();
  private Path launcher = LAUNCHER;
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

  @Test
  void unknownFormOfTheLogIsRefused() throws Exception {
    java("17.0.15");
    env.put("ATTUNE_LOG_FORMAT", "xml");

    assertThat(launch("runs")).isEqualTo(2);
    assertThat(said).contains("ATTUNE_LOG_FORMAT=xml is not known");
  }

  @Test
  void namesOfFilesAreReadAsUtf8WithoutALocale() throws Exception {
    Path home = Files.createDirectories(folder.resolve("jdk/bin"));
    Path java = home.resolve("java");
    Files.writeString(
        java, "#!/bin/sh\necho 'openjdk version \"17.0.15\"' >&2\necho $LC_ALL >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    distribution();
    env.put("JAVA_HOME", home.getParent().toString());
    env.put("LC_ALL", "C");

    launch("runs");

    assertThat(said).endsWith("C.UTF-8\n");
  }

  @Test
  void logThatCannotBeWrittenIsRefused() throws Exception {
    java("17.0.15");
    distribution();
    Path file = Files.createFile(folder.resolve("file"));
    env.put("ATTUNE_LOG", file.resolve("attune.log").toString());

    assertThat(launch("runs")).isEqualTo(2);
    assertThat(said).contains("set ATTUNE_LOG to another file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark-core_2.13-3.5.5.jar",
        "spark-core_2.12-3.4.4.jar",
        "spark-core_2.13-4.0.0.jar"
      })
  void otherSparksAreRefusedWithWhatToDo(String jar) throws Exception {
    distribution();
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    Files.createFile(jars.resolve(jar));

    assertThat(launch("nightly")).isEqualTo(2);
    assertThat(said.lines()).hasSize(1);
    assertThat(said).contains("has " + jar, "runs on Spark 3.5 for Scala 2.12 only");
  }

  @Test
  void yarnWithoutAHadoopConfigurationIsRefused() throws Exception {
    distribution();
    env.remove("HADOOP_CONF_DIR");

    assertThat(launch("--master", "yarn", "nightly")).isEqualTo(2);
    assertThat(said).contains("YARN needs HADOOP_CONF_DIR: set it to the folder with core-site");
  }

  @Test
  void distributionWithoutASparkIsRefusedWithWhatToDo() throws Exception {
    distribution();
    env.remove("SPARK_HOME");
    env.put("PATH", "/usr/bin:/bin");

    assertThat(launch("runs")).isEqualTo(2);
    assertThat(said).contains("there is no 'spark-submit': set SPARK_HOME to a Spark 3.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPARK_HOME", "PATH"})
  void sparkIsFoundWhereItIsNamedOrOnThePath(String variable) throws Exception {
    distribution();
    if (variable.equals("PATH")) {
      env.remove("SPARK_HOME");
      env.put("PATH", folder.resolve("spark/bin") + ":/usr/bin:/bin");
    }

    assertThat(launch("runs")).isZero();
    assertThat(said).isEqualTo("fine\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "6, 1", "143, 143"})
  void submitterOfADriverThatYarnDoesNotKnowEndsAsSparkSubmitDoes(int submitted, int expected)
      throws Exception {
    distribution().submits(submitted, "Container killed");

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isEqualTo(expected);
    assertThat(said).contains("Container killed");
    assertThat(said.contains("YARN does not say what became of it")).isEqualTo(submitted != 0);
  }

  @Test
  void submissionWithoutATicketSaysWhatItLacks() throws Exception {
    FakeDistribution distribution = distribution();
    Path kerberos = Files.createFile(folder.resolve("krb5.conf"));
    Files.writeString(
        kerberos, "[libdefaults]\ndefault_realm = NONE\ndefault_ccache_name = FILE:/none\n");
    env.put("SPARK_SUBMIT_OPTS", "-Djava.security.krb5.conf=" + kerberos);
    env.put("KRB5CCNAME", folder.resolve("none").toString());
    Files.writeString(
        folder.resolve("conf/core-site.xml"),
        "<configuration><property><name>hadoop.security.authentication</name>"
            + "<value>kerberos</value></property></configuration>");

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isEqualTo(3);
    assertThat(said)
        .contains("there is no valid ticket: run kinit", "spark.kerberos.keytab in", "yarn.conf");
    assertThat(distribution.folder().resolve("given")).doesNotExist();
  }

  @Test
  void exitCodeOfADriverOnThisMachineIsTheLaunchersAndSettingsAreRemoved() throws Exception {
    distribution()
        .submits(
            "echo out; echo 'WARNING: Using incubator modules: a' >&2; echo err >&2; exit 6\n");
    env.put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());

    assertThat(launch("nightly", "-c", "news.yaml")).isEqualTo(6);
    assertThat(said.lines()).containsExactlyInAnyOrder("out", "err");
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void jarsAndFilesOfTheUserGoBesideAttunesOwn() throws Exception {
    FakeDistribution distribution = distribution();
    env.put("ATTUNE_SUBMIT_OPTS", "--files log.properties --queue research --jars=a.jar,b.jar");

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isZero();
    assertThat(distribution.given())
        .containsOnlyOnce("--files", "--jars")
        .containsSubsequence("--queue", "research")
        .containsSubsequence("--name", "attune nightly")
        .endsWith("nightly", "-c", "news.yaml");
    assertThat(distribution.given("--files")).isEqualTo("news.yaml,log.properties");
    String lib = folder.resolve("lib").toString();
    assertThat(distribution.given("--jars"))
        .isEqualTo(lib + "/other.jar," + lib + "/picocli-0.jar,a.jar,b.jar");
  }

  @Test
  void doctorExaminesTheSettingsOfTheClusterFromHere() throws Exception {
    FakeDistribution distribution = distribution();

    assertThat(launch("doctor", "--cluster", "yarn")).isZero();
    assertThat(distribution.given())
        .containsSubsequence("--master", "local[*]")
        .containsSubsequence("--deploy-mode", "client");
    assertThat(distribution.properties()).containsEntry("spark.master", "yarn");
  }

  @Test
  void driverOnThisMachineKnowsItsLogAndItsProcessor() throws Exception {
    FakeDistribution distribution = distribution();
    env.put("ATTUNE_NATIVES", "avx2");

    assertThat(launch("runs")).isZero();
    assertThat(distribution.properties().getProperty("spark.driver.defaultJavaOptions"))
        .contains(
            "-Dorg.bytedeco.javacpp.platform.extension=-avx2",
            "\"-Dattune.terminal=false\"",
            "\"-Dattune.log=" + folder.resolve("attune.log") + "\"",
            "\"-Dlog4j2.configurationFile=" + folder.resolve("conf/log4j2.properties") + "\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {143, 6})
  void stoppingTheLauncherStopsTheNight(int ended) throws Exception {
    distribution()
        .submits(
            "trap 'echo ended >%1$s/ended; exit %2$d' TERM\ntouch %1$s/begun\n"
                    .formatted(folder, ended)
                + "while true; do sleep 0.1; done\n");
    env.put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
    Process night = begin("nightly", "-c", "news.yaml");
    for (int i = 0; i < 600 && !Files.exists(folder.resolve("begun")); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }

    night.destroy();

    assertThat(night.waitFor()).as("the driver's exit code").isEqualTo(ended);
    assertThat(folder.resolve("ended")).exists();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  private FakeDistribution distribution() throws IOException {
    FakeDistribution distribution = new FakeDistribution(folder);
    env.putAll(distribution.variables());
    launcher = folder.resolve("attune");
    return distribution;
  }

  /** Writes a fake java that prints its version and fails for any other request. */
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

  private Process begin(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.matches("ATTUNE_.*|SPARK_.*|HADOOP_CONF_DIR|YARN_CONF_DIR"));
    builder.environment().putAll(env);
    return builder.start();
  }

  private int launch(String... arguments) throws Exception {
    Process process = begin(arguments);
    process.getOutputStream().close();
    said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }
}
