package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what hooks and {@code runs} report, through the whole command line. */
class NightlyHooksTest {
  private static final Path STATE = Path.of("root/runs/reviews/2026-03-01.1/state.json");

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private String path = "reviews.csv";

  @Test
  void nightThatEndsTellsWhatItDidAndKeepsItsCost() throws IOException {
    reviews("good");

    assertThat(nightly("cat > ended.json", "cat > failed.json")).as(err.toString()).isZero();

    assertThat(folder.resolve("failed.json")).doesNotExist();
    JsonNode told = json("ended.json");
    assertThat(told.at("/event").asText()).isEqualTo("success");
    assertThat(told.at("/text").asText()).contains("reviews", "done with 2026-03-01.1");
    assertThat(told.at("/runs/0/stages/0/stage").asText()).isEqualTo("ingest");
    assertThat(told.at("/runs/0/coreSeconds").asDouble()).isPositive();
    JsonNode cost = json(STATE.toString()).at("/stages/0/cost");
    assertThat(cost.at("/coreSeconds").asDouble()).isPositive();
    assertThat(cost.at("/busyCoreSeconds").asDouble()).isPositive();
    assertThat(cost.at("/gpuSeconds").asDouble()).isZero();
    assertThat(folder.resolve("root/attune.json")).exists();
  }

  @Test
  void nightThatFailsTellsWhyAndItsStateKeepsIt() throws IOException {
    reviews("so-so");

    assertThat(nightly("cat > ended.json", "cat > failed.json")).isEqualTo(3);

    assertThat(folder.resolve("ended.json")).doesNotExist();
    JsonNode told = json("failed.json");
    assertThat(told.at("/exitCode").asInt()).isEqualTo(3);
    assertThat(told.at("/text").asText()).contains("failure", "records were rejected");
    assertThat(told.at("/runs/0/stoppedAt").asText()).isEqualTo("ingest");
    JsonNode stopped = json(STATE.toString()).at("/stopped");
    assertThat(stopped.at("/stage").asText()).isEqualTo("ingest");
    assertThat(stopped.at("/exitCode").asInt()).isEqualTo(3);
    assertThat(stopped.at("/message").asText()).contains("records were rejected");
    assertThat(stopped.at("/cost/coreSeconds").asDouble()).isPositive();
  }

  @Test
  void nightThatCannotBeginTellsItToo() throws IOException {
    assertThat(nightly("true", "cat > failed.json")).isEqualTo(3);

    assertThat(json("failed.json").at("/text").asText()).contains("Corpus 'shop' has no file");
    assertThat(json("failed.json").at("/runs")).isEmpty();
  }

  @Test
  void warningsOfTheInputStandInTheStateAndAreTold() throws IOException {
    Files.createDirectory(folder.resolve("in"));
    Files.createFile(folder.resolve("in/empty.csv"));
    Files.createSymbolicLink(folder.resolve("in/gone.csv"), folder.resolve("nowhere.csv"));
    reviews("good");
    Files.move(folder.resolve("reviews.csv"), folder.resolve("in/reviews.csv"));
    path = "in";

    assertThat(nightly("true", "true")).as(err.toString()).isZero();

    JsonNode warnings = json(STATE.toString()).at("/stages/0/warnings");
    assertThat(warnings).hasSize(2);
    assertThat(warnings.toString()).contains("gone.csv' is a link to nothing", "is empty");
    JsonNode told = json("alert.json");
    assertThat(told.at("/event").asText()).isEqualTo("alert");
    assertThat(told.at("/alerts").toString())
        .contains("ingest: passed over: ", "gone.csv' is a link to nothing");
  }

  @Test
  void corpusThatIsGoneIsToldThoughNoNightIsDue() throws IOException {
    reviews("good");
    assertThat(nightly("true", "true")).as(err.toString()).isZero();
    Files.delete(folder.resolve("reviews.csv"));

    assertThat(nightly("true", "true")).as(err.toString()).isZero();

    assertThat(json("alert.json").at("/text").asText()).contains("nothing is at", "any more");
  }

  @Test
  void hookThatFailsChangesNothing() throws IOException {
    reviews("good");

    assertThat(nightly("exit 5", "exit 6")).as(err.toString()).isZero();
    assertThat(json(STATE.toString()).at("/stages/0/stage").asText()).isEqualTo("ingest");
  }

  @Test
  void hooksAreNoPartOfWhatANightIs() throws IOException {
    reviews("good");
    assertThat(nightly("true", "true")).isZero();
    String first = json(STATE.toString()).at("/configuration").asText();

    assertThat(nightly("echo other", "true")).isZero();
    assertThat(json(STATE.toString()).at("/configuration").asText()).isEqualTo(first);
    assertThat(json(STATE.toString()).at("/stages")).hasSize(1);
  }

  private void reviews(String label) throws IOException {
    StringBuilder text = new StringBuilder("text,stars\n");
    for (int i = 0; i < 40; i++) {
      text.append("Thing number %d came.,%s%n".formatted(i, label));
    }
    Files.writeString(folder.resolve("reviews.csv"), text);
  }

  private int nightly(String onSuccess, String onFailure) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("reviews.yaml"),
            """
            task: reviews
            root: root
            heads: {mood: [bad, good]}
            corpora:
              - {name: shop, path: %4$s, columns: {text: text, labels: {mood: stars}}}
            hooks:
              on-success: {command: [sh, -c, 'cd %1$s && %2$s']}
              on-failure: {command: [sh, -c, 'cd %1$s && %3$s']}
              on-alert: {command: [sh, -c, 'cd %1$s && cat > alert.json']}
            spark: {spark.master: "local[2]", spark.sql.shuffle.partitions: "2"}
            """
                .formatted(folder, onSuccess, onFailure, path));
    return Attune.run(
        List.of("nightly", "-c", config.toString(), "--date", "2026-03-01", "--until", "ingest")
            .toArray(String[]::new),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }
}
