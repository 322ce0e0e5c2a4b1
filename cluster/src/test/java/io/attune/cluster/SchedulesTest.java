package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Verifies that every schedule runs the same command and handles its exit codes in the same way.
 */
class SchedulesTest {
  private static final Path SCHEDULES = Path.of("schedules");

  /** Lists the exit codes for which a retry does not help: docs/EXIT_CODES.md. */
  private static final Set<Integer> FINAL = Set.of(1, 2, 6);

  /**
   * Lists the fields of the Spark operator's API sparkoperator.k8s.io/v1beta2 that the file may
   * use.
   */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "/spec",
          Set.of(
              "schedule",
              "suspend",
              "concurrencyPolicy",
              "successfulRunHistoryLimit",
              "failedRunHistoryLimit",
              "template"),
          "/spec/template",
          Set.of(
              "type",
              "sparkVersion",
              "mode",
              "image",
              "imagePullPolicy",
              "imagePullSecrets",
              "mainClass",
              "mainApplicationFile",
              "arguments",
              "sparkConf",
              "hadoopConf",
              "hadoopConfigMap",
              "volumes",
              "driver",
              "executor",
              "restartPolicy",
              "monitoring",
              "timeToLiveSeconds"),
          "/spec/template/restartPolicy",
          Set.of(
              "type",
              "onSubmissionFailureRetries",
              "onFailureRetries",
              "onSubmissionFailureRetryInterval",
              "onFailureRetryInterval"),
          "/spec/template/driver",
          Set.of(
              "cores",
              "memory",
              "memoryOverhead",
              "serviceAccount",
              "javaOptions",
              "configMaps",
              "envSecretKeyRefs",
              "annotations",
              "labels"),
          "/spec/template/executor",
          Set.of("instances", "cores", "memory", "memoryOverhead", "gpu", "javaOptions", "labels"));

  @TempDir Path folder;

  @Test
  void serviceTriesAgainWhereThatMayHelpAndPagesOtherwise() throws IOException {
    Map<String, String> service = unit("attune-nightly@.service");

    assertThat(service)
        .containsEntry("Service.ExecStart", "/opt/attune/attune nightly -c /etc/attune/%i.yaml")
        .containsEntry("Service.Restart", "on-failure")
        .containsEntry("Unit.OnFailure", "attune-page@%i.service");
    assertThat(numbers(service.get("Service.RestartPreventExitStatus"))).isEqualTo(FINAL);
    assertThat(numbers(service.get("Service.SuccessExitStatus")))
        .doesNotContainAnyElementsOf(FINAL);
    // systemd refuses forced restarts of a oneshot, and does not load the unit.
    assertThat(service).containsEntry("Service.Type", "exec");
  }

  @Test
  void timerFiresTheServiceAndCatchesUp() throws IOException {
    assertThat(unit("attune-nightly@.timer"))
        .containsEntry("Timer.Unit", "attune-nightly@%i.service")
        .containsEntry("Timer.Persistent", "true")
        .containsEntry("Install.WantedBy", "timers.target");
    assertThat(unit("attune-page@.service"))
        .containsEntry("Service.ExecStart", "/etc/attune/page %i");
  }

  @Test
  void dagSortsTheSameExitCodes() throws IOException {
    String dag = Files.readString(SCHEDULES.resolve("airflow/attune_nightly.py"));

    assertThat(codes(dag, "PAGE")).isEqualTo(FINAL);
    assertThat(codes(dag, "RETRY")).isEqualTo(Set.of(3, 7, 50, 51, 52, 53, 54, 55, 56, 57));
    assertThat(codes(dag, "DONE")).isEqualTo(Set.of(0, 4));
    assertThat(dag).contains("\"nightly\", \"-c\", configuration", "catchup=False");
  }

  @Test
  void cronLineRunsTheScriptThatIsThere() throws IOException {
    String line =
        Files.readAllLines(SCHEDULES.resolve("cron/attune")).stream()
            .filter(text -> text.matches("\\d.*"))
            .findFirst()
            .orElseThrow();

    assertThat(line)
        .matches(
            "\\d+ \\d+ \\* \\* \\*\\s+attune\\s+/opt/attune/schedules/cron/attune-night /etc.*");
    assertThat(SCHEDULES.resolve("cron/attune-night")).isExecutable();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "7 7 0, 0, 3",
    "3 0, 0, 2",
    "137 0, 0, 2",
    "50 57 0, 0, 3",
    "49 0, 49, 1",
    "58 0, 58, 1",
    "7 7 7 7 7, 7, 4",
    "1 0, 1, 1",
    "2 0, 2, 1",
    "6 0, 6, 1",
    "3 6 0, 6, 2",
  })
  void scriptForCronTriesAgainWhereThatMayHelp(String codes, int expected, int attempts)
      throws Exception {
    Path log = folder.resolve("log");
    Files.writeString(folder.resolve("codes"), codes.replace(' ', '\n') + "\n");
    Path attune =
        Files.writeString(
            folder.resolve("attune"),
            """
            #!/bin/sh
            cd %s
            echo "$*" >> log
            code=$(head -n 1 codes)
            sed -i 1d codes
            echo "said of $code" >&2
            exit "$code"
            """
                .formatted(folder));
    assertThat(attune.toFile().setExecutable(true)).isTrue();

    ProcessBuilder night =
        new ProcessBuilder(
            SCHEDULES.resolve("cron/attune-night").toAbsolutePath().toString(), "a b.yaml");
    night.environment().put("ATTUNE_HOME", folder.toString());
    night.environment().put("ATTUNE_RETRY_SECONDS", "0");
    Process process = night.start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(expected);
    assertThat(Files.readAllLines(log)).hasSize(attempts).containsOnly("nightly -c a b.yaml");
    if (expected == 0) {
      assertThat(said).as("what cron would mail").isEmpty();
    } else {
      assertThat(said.lines()).hasSize(2).first().isEqualTo("said of " + expected);
      assertThat(said).contains("ended with exit code " + expected);
    }
  }

  @Test
  void applicationOfTheSparkOperatorHasOnlyFieldsThatThereAre() throws IOException {
    JsonNode application =
        new ObjectMapper(new YAMLFactory())
            .readTree(SCHEDULES.resolve("kubernetes/attune-nightly.yaml").toFile());

    assertThat(application.at("/apiVersion").asText()).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThat(application.at("/kind").asText()).isEqualTo("ScheduledSparkApplication");
    FIELDS.forEach(
        (path, known) -> {
          List<String> names = new ArrayList<>();
          application.at(path).fieldNames().forEachRemaining(names::add);
          assertThat(names).as(path).isNotEmpty().allMatch(known::contains);
        });
    assertThat(application.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
    assertThat(application.at("/spec/template/mainClass").asText())
        .isEqualTo("io.attune.jobs.Attune");
    assertThat(application.at("/spec/template/arguments/0").asText()).isEqualTo("nightly");
    assertThat(application.at("/spec/template/restartPolicy/type").asText()).isEqualTo("OnFailure");
    application
        .at("/spec/template/sparkConf")
        .forEach(
            value -> assertThat(value.isTextual()).as("sparkConf holds text: " + value).isTrue());
  }

  /**
   * Tests that pods of the Spark operator use the options file that the Dockerfile copies with the
   * distribution.
   */
  @Test
  void podsOfTheSparkOperatorHaveTheOptionsOfTheImage() throws IOException {
    JsonNode template =
        new ObjectMapper(new YAMLFactory())
            .readTree(SCHEDULES.resolve("kubernetes/attune-nightly.yaml").toFile())
            .at("/spec/template");
    List<String> written =
        Files.readAllLines(Path.of("conf", "jvm.options")).stream()
            .filter(line -> line.startsWith("-"))
            .toList();

    assertThat(SCHEDULES.resolve("kubernetes/Dockerfile")).content().contains(" /opt/attune\n");
    for (String role : List.of("driver", "executor")) {
      assertThat(template.at("/" + role + "/javaOptions").asText().split(" ", 0))
          .startsWith("@/opt/attune/conf/jvm.options")
          .doesNotContainAnyElementsOf(written);
    }
  }

  @Test
  void applicationOfTheSparkOperatorIsAsSecureAsASubmission() throws IOException {
    JsonNode settings =
        new ObjectMapper(new YAMLFactory())
            .readTree(SCHEDULES.resolve("kubernetes/attune-nightly.yaml").toFile())
            .at("/spec/template/sparkConf");
    Properties submission = new Properties();
    try (Reader conf = Files.newBufferedReader(Path.of("conf", "kubernetes.conf"))) {
      submission.load(conf);
    }

    for (String key :
        List.of(
            "spark.authenticate",
            "spark.network.crypto.enabled",
            "spark.io.encryption.enabled",
            "spark.acls.enable",
            "spark.redaction.regex")) {
      assertThat(settings.path(key).asText()).as(key).isEqualTo(submission.getProperty(key));
    }
  }

  /** Returns the keys with their sections, such as {@code Service.ExecStart}. */
  private static Map<String, String> unit(String name) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    String section = "";
    for (String line : Files.readAllLines(SCHEDULES.resolve("systemd").resolve(name))) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.startsWith("#") && line.contains("=")) {
        int equals = line.indexOf('=');
        entries.put(section + "." + line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return entries;
  }

  private static Set<Integer> codes(String dag, String name) {
    Matcher found = Pattern.compile(name + " = frozenset\\(\\{(.*?)\\}\\)").matcher(dag);
    assertThat(found.find()).as(name).isTrue();
    return numbers(found.group(1));
  }

  private static Set<Integer> numbers(String text) {
    Set<Integer> numbers = new TreeSet<>();
    Matcher digits = Pattern.compile("\\d+").matcher(text);
    while (digits.find()) {
      numbers.add(Integer.parseInt(digits.group()));
    }
    return numbers;
  }
}
