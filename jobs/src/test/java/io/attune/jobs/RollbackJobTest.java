package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a rollback moves the pointer only while it holds the lock of the task. */
class RollbackJobTest {
  private static final String FIRST = "2026-01-01.1";
  private static final String SECOND = "2026-01-02.1";
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private Storage storage;

  @BeforeEach
  void promoteTwoModels() {
    storage = Storage.at(folder.resolve("root").toUri().toString(), new Configuration());
    promote(FIRST);
    promote(SECOND);
  }

  @Test
  void makesTheEarlierModelCurrentWhileNoNightRuns() throws IOException {
    assertThat(rollback()).as(err.toString()).isZero();

    assertThat(current()).isEqualTo(FIRST);
    assertThat(RunLock.holder(storage, "reviews", CLOCK)).isEmpty();
  }

  @Test
  void endsWithSevenAndTheHolderWhileANightHasTheTask() throws IOException {
    try (RunLock night = RunLock.acquire(storage, "reviews", SECOND, CLOCK)) {
      assertThat(rollback()).isEqualTo(7);
    }

    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("attune rollback: ")
        .contains("Task 'reviews'", "run " + SECOND, "process " + ProcessHandle.current().pid())
        .contains("wait for it to end");
    assertThat(current()).isEqualTo(SECOND);
  }

  @Test
  void givesTheLockBackWhereItIsRefused() throws IOException {
    assertThat(rollback("2025-12-31.1")).isEqualTo(3);

    assertThat(err.toString()).contains("Cannot go back to model 2025-12-31.1");
    assertThat(RunLock.holder(storage, "reviews", CLOCK)).isEmpty();
    assertThat(current()).isEqualTo(SECOND);
  }

  private String current() {
    return CurrentModel.of(storage, "reviews").version().orElseThrow();
  }

  private void promote(String version) {
    Artefacts.of(storage)
        .publish(
            "models/reviews/" + version,
            new Recorder("reviews", version, "configuration", CLOCK).record("train", Map.of()),
            staging -> {
              staging.write("model.zip", version.getBytes(StandardCharsets.UTF_8));
              return Map.of();
            });
    CurrentModel.of(storage, "reviews").pointTo(version, "promoted by the test", CLOCK);
  }

  private int rollback(String... version) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("reviews.yaml"),
            """
            task: reviews
            root: root
            heads: {mood: [bad, good]}
            corpora:
              - name: shop
                path: reviews.csv
                columns: {text: text, labels: {mood: stars}}
            """);
    String[] arguments = {"rollback", "-c", config.toString()};
    return Attune.run(
        version.length == 0
            ? arguments
            : new String[] {arguments[0], version[0], arguments[1], arguments[2]},
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintWriter(err, true));
  }
}
