package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.jobs.spark.LogContext;
import io.attune.pipeline.Stage;
import io.attune.pipeline.storage.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the structured log as a collector reads it. */
class JsonLogTest {
  private static final Path CONF = Path.of("..", "cluster", "conf");

  @TempDir Path folder;

  @Test
  void everyLineIsAnObjectWithItsRunWhateverTheTextHolds() throws IOException {
    String hostile = "a \"quoted\"\nline\r\twith \\ and \u0000 and 中文 and \u2028 ${jndi:ldap://x}";
    List<JsonNode> lines;
    try (LogContext context =
        LogContext.of(new Run("news", LocalDate.of(2026, 1, 2), 1), Stage.TRAIN)) {
      lines = log("log4j2-json.properties", hostile);
    }

    assertThat(lines).hasSize(2);
    JsonNode first = lines.get(0);
    assertThat(first.at("/run").asText()).isEqualTo("2026-01-02.1");
    assertThat(first.at("/task").asText()).isEqualTo("news");
    assertThat(first.at("/stage").asText()).isEqualTo("train");
    assertThat(first.at("/level").asText()).isEqualTo("INFO");
    assertThat(first.at("/logger").asText()).isEqualTo("io.attune.some");
    assertThat(first.at("/message").asText()).isEqualTo(hostile);
    assertThat(first.at("/time").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(first.at("/exception").asText()).isEmpty();
    assertThat(lines.get(1).at("/exception").asText())
        .contains("java.io.IOException: no \"room\"", "at io.attune.jobs.night.JsonLogTest");
  }

  @Test
  void outsideARunTheFieldsAreEmpty() throws IOException {
    assertThat(log("log4j2-json.properties", "x").get(0).at("/run").asText()).isEmpty();
  }

  @Test
  void containersLogTheSameObjectsToStandardError() throws IOException {
    String file = pattern("log4j2-json.properties");

    assertThat(file).isNotBlank().isEqualTo(pattern("log4j2-json-console.properties"));
    assertThat(Files.readString(CONF.resolve("log4j2-json-console.properties")))
        .contains("appender.console.target = SYSTEM_ERR");
  }

  private List<JsonNode> log(String configuration, String message) throws IOException {
    Path file = folder.resolve("attune.log");
    System.setProperty("attune.log", file.toString());
    LoggerContext context = new LoggerContext("json-log-test");
    try {
      context.setConfigLocation(CONF.resolve(configuration).toAbsolutePath().toUri());
      context.start();
      context.getLogger("io.attune.some").info(message);
      context.getLogger("io.attune.some").error("failed", new IOException("no \"room\""));
    } finally {
      context.stop();
      System.clearProperty("attune.log");
    }
    ObjectMapper mapper = new ObjectMapper();
    return Files.readAllLines(file).stream().map(line -> read(mapper, line)).toList();
  }

  private static JsonNode read(ObjectMapper mapper, String line) {
    try {
      return mapper.readTree(line);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  private static String pattern(String configuration) throws IOException {
    return Files.readAllLines(CONF.resolve(configuration)).stream()
        .filter(line -> line.contains("layout.pattern"))
        .map(line -> line.substring(line.indexOf('=')))
        .collect(Collectors.joining());
  }
}
