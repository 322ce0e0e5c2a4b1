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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the launcher refuses before any JVM of Attune's is started, what it submits, and which exit
 * code it makes of the answer, with Javas and Sparks of air.
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0   | fine                                                  | 0",
        "1   | DriverFailure: [attune exit code 3] no file           | 3",
        "1   | DriverFailure: [attune exit code 3] [attune exit code 0] | 3",
        "1   | DriverFailure: [attune exit code 6] [attune exit code 7] | 6",
        "1   | Container killed                                      | 1",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 137 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -100 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -104 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 143 | 137",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 134 | 134",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: 15 | 1",
        "1   | failed 1 times due to AM Container for appattempt_1_1 exited with  exitCode: -1000 | 1",
        "1   | failed 1 times due to ApplicationMaster for attempt appattempt_1_1 timed out. | 137",
        "1   | application_1_1 failed: GSSException: token of an executor | 1",
        "143 | the launcher was stopped                              | 143",
      })
  void exitCodeOnYarnIsTheOneThatTheDriverGave(int submitted, String says, int expected)
      throws Exception {
    submission(submitted, says);

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isEqualTo(expected);
    assertThat(said).contains(says);
  }

  @Test
  void submissionWithoutATicketSaysWhatItLacks() throws Exception {
    submission(1, "AccessControlException: Client cannot authenticate via:[TOKEN, KERBEROS]");

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isEqualTo(3);
    assertThat(said)
        .contains("there is no valid ticket: run kinit", "spark.kerberos.keytab in", "yarn.conf");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "137, 137", "143, 137"})
  void exitCodeOnKubernetesIsThatOfTheDriversContainer(String ended, int expected)
      throws Exception {
    submission(
        0,
        "phase: Pending\n\t container name: sidecar\n\t exit code: 9\n"
            + "\t container name: spark-kubernetes-driver\n\t container state: terminated\n"
            + ("\t exit code: " + ended)
            + "\n\t termination reason: Error\n"
            + "Application attune nightly with application ID spark-1"
            + " and submission ID attune:attune-nightly-1-driver finished");

    assertThat(launch("nightly", "--cluster", "kubernetes", "-c", "news.yaml")).isEqualTo(expected);
    assertThat(said).contains("kubectl -n attune logs attune-nightly-1-driver");
  }

  @Test
  void podThatIsGoneWithoutAnExitCodeIsNoSuccess() throws Exception {
    submission(0, "Application status for spark-1 (phase: Running)");

    assertThat(launch("nightly", "--cluster", "kubernetes", "-c", "news.yaml")).isEqualTo(1);
  }

  @Test
  void kubernetesWithoutAPlaceForUploadsIsRefused() throws Exception {
    submission(1, "a stack trace");
    Files.writeString(
        folder.resolve("conf/kubernetes.conf"),
        "spark.submit.deployMode cluster\n#spark.kubernetes.file.upload.path /upload\n");
    String[] night = {"nightly", "--cluster=kubernetes", "--master=k8s://host", "-c", "news.yaml"};

    assertThat(launch(night)).isEqualTo(2);
    assertThat(said).contains("Kubernetes needs spark.kubernetes.file.upload.path: set it in");
    env.put("ATTUNE_SUBMIT_OPTS", "--conf spark.kubernetes.file.upload.path=/upload");
    assertThat(launch(night)).isEqualTo(1);
  }

  @Test
  void jarsAndFilesOfTheUserGoBesideAttunesOwn() throws Exception {
    submission(0, "fine");
    env.put("ATTUNE_SUBMIT_OPTS", "--files log.properties --queue research --jars=a.jar,b.jar");

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isZero();
    List<String> given = Files.readAllLines(folder.resolve("given"));
    assertThat(given)
        .containsOnlyOnce("--files", "--jars")
        .containsSubsequence("--queue", "research")
        .endsWith("nightly", "-c", "news.yaml");
    assertThat(given.get(given.indexOf("--files") + 1)).isEqualTo("news.yaml,log.properties");
    assertThat(given.get(given.indexOf("--jars") + 1)).endsWith("lib/other.jar,a.jar,b.jar");
  }

  @Test
  void doctorExaminesTheSettingsOfTheClusterFromHere() throws Exception {
    submission(0, "fine");

    assertThat(launch("doctor", "--cluster", "yarn")).isZero();
    List<String> given = Files.readAllLines(folder.resolve("given"));
    assertThat(given)
        .containsSubsequence("--master", "local[*]")
        .containsSubsequence("--deploy-mode", "client");
    assertThat(Files.readString(folder.resolve("properties"))).contains("spark.master\tyarn");
  }

  @ParameterizedTest
  @CsvSource({
    "nightly, yarn, hdfs:///apps/lib/other.jar",
    "doctor, yarn, /lib/other.jar",
    "nightly, local, /lib/other.jar",
  })
  void jarsOfTheClusterAreForWhatRunsThere(String command, String cluster, String jar)
      throws Exception {
    submission(0, "fine");
    env.put("ATTUNE_JARS", "hdfs:///apps/lib");

    assertThat(launch(command, "--cluster", cluster, "-c", "news.yaml")).isZero();
    List<String> given = Files.readAllLines(folder.resolve("given"));
    String jars = given.get(given.indexOf("--jars") + 1);
    assertThat(jars).endsWith(jar);
    assertThat(jars.startsWith("hdfs:")).isEqualTo(jar.startsWith("hdfs:"));
  }

  @ParameterizedTest
  @CsvSource({"cluster, true", "client, false"})
  void jvmsInTheClusterUnpackNativesWhereNobodyElseDoes(String deployMode, boolean driverThere)
      throws Exception {
    submission(0, "fine");
    env.put("ATTUNE_SUBMIT_OPTS", "--deploy-mode " + deployMode);
    String ownCache = "-Dorg.bytedeco.javacpp.cachedir=javacpp";

    assertThat(launch("nightly", "--cluster", "yarn", "-c", "news.yaml")).isZero();
    assertThat(submitted("spark.executor.defaultJavaOptions")).contains(ownCache);
    assertThat(submitted("spark.driver.defaultJavaOptions").contains(ownCache))
        .isEqualTo(driverThere);
  }

  @Test
  void configurationFolderWithoutTheFileIsRefused() throws Exception {
    submission(0, "fine");
    env.put("ATTUNE_CONF_DIR", Files.createDirectory(folder.resolve("empty")).toString());

    assertThat(launch("runs")).isEqualTo(2);
    assertThat(said).contains("there is no file", "local.conf", "ATTUNE_CONF_DIR");
  }

  @Test
  void stoppingTheLauncherStopsTheNight() throws Exception {
    submission(0, "fine");
    Path submit = folder.resolve("spark/bin/spark-submit");
    Files.writeString(
        submit,
        "#!/bin/bash\ntrap 'echo ended >%1$s/ended; exit 143' TERM\ntouch %1$s/begun\n"
                .formatted(folder)
            + "while true; do sleep 0.1; done\n");
    Process night = begin("nightly", "-c", "news.yaml");
    for (int i = 0; i < 600 && !Files.exists(folder.resolve("begun")); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }

    night.destroy();

    assertThat(night.waitFor()).isEqualTo(143);
    assertThat(folder.resolve("ended")).exists();
  }

  @Test
  void clusterWithoutAMasterIsRefusedWhateverElseTheSiteSaysOfMasters() throws Exception {
    submission(0, "fine");
    Files.createDirectories(folder.resolve("spark/conf"));
    Files.writeString(
        folder.resolve("spark/conf/spark-defaults.conf"), "spark.master.rest.enabled false\n");

    assertThat(launch("nightly", "--cluster", "standalone")).isEqualTo(2);
    assertThat(said).contains("--cluster standalone needs a master");
  }

  /** A distribution beside a spark-submit that notes what it is given, says something, and ends. */
  private void submission(int code, String says) throws IOException {
    java("17.0.15");
    launcher = Files.copy(LAUNCHER, folder.resolve("attune"));
    for (String jar : List.of("attune-jobs-0.jar", "other.jar")) {
      Files.createFile(Files.createDirectories(folder.resolve("lib")).resolve(jar));
    }
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("yarn.conf"), "spark.master\tyarn\nspark.submit.deployMode\tcluster\n");
    Files.writeString(
        conf.resolve("kubernetes.conf"),
        """
        spark.master=k8s://https://host:6443
        spark.submit.deployMode = cluster
        spark.kubernetes.file.upload.path /upload
        """);
    Files.writeString(conf.resolve("local.conf"), "spark.master local[*]\n");
    Files.writeString(conf.resolve("standalone.conf"), "spark.submit.deployMode client\n");
    Files.writeString(folder.resolve("news.yaml"), "task: news\n");
    Files.writeString(folder.resolve("says"), says + "\n");
    Path submit = Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit");
    Files.writeString(
        submit,
        "#!/bin/sh\nprintf '%%s\\n' \"$@\" > %1$s/given\ncp \"$2\" %1$s/properties\ncat %1$s/says >&2\nexit %2$d\n"
            .formatted(folder, code));
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    env.put("SPARK_HOME", folder.resolve("spark").toString());
    env.put("HADOOP_CONF_DIR", conf.toString());
    env.put("ATTUNE_LOG", folder.resolve("attune.log").toString());
  }

  private String submitted(String key) throws IOException {
    return Files.readAllLines(folder.resolve("properties")).stream()
        .filter(line -> line.startsWith(key + " "))
        .collect(Collectors.joining("\n"));
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
