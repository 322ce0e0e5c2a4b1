package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.model.ModelBundle;
import io.attune.schemas.report.TrainingRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends one night in a JVM of its own twice while it trains, by a signal and by a kill, and runs it
 * again each time.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledNightIT {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Run RUN = new Run("reviews", LocalDate.of(2026, 2, 1), 1);

  /** Holds the epochs of a training that goes on long after its first checkpoints. */
  private static final int EPOCHS = 20;

  @TempDir static Path folder;
  private static Storage storage;
  private static Path failed;

  @BeforeAll
  static void writeCorpus() throws IOException {
    Reviews.write(folder, "data/2026-02-01/reviews.jsonl", 600, 1);
    Reviews.config(folder, folder.resolve("root").toString());
    storage = Storage.at(folder.resolve("root").toString(), new Configuration());
    failed = folder.resolve("failed.json");
  }

  @Test
  @Order(1)
  void nightThatIsToldToEndRecordsNoFailure() throws Exception {
    Path log = folder.resolve("told.log");
    Process told = night(log);
    awaitCheckpoints(told, 2, log);

    told.destroy(); // SIGTERM
    assertThat(told.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(told.exitValue()).as(Files.readString(log)).isEqualTo(143);
    assertThat(Files.readString(log)).contains("ended by a signal").doesNotContain("a bug");
    assertThat(failed).doesNotExist();
    assertThat(Files.readString(folder.resolve("root/" + RUN.folder() + "/state.json")))
        .contains("\"shard\"")
        .doesNotContain("exitCode");
  }

  @Test
  @Order(2)
  void nightThatWasToldToEndResumesAndPublishesNothingWhenKilled() throws Exception {
    Path log = folder.resolve("killed.log");
    Process killed = night(log);
    awaitCheckpoints(killed, 2, log);

    killed.destroyForcibly().waitFor();

    assertThat(Files.readString(log)).contains("done before");
    assertThat(storage.exists(RUN.model())).isFalse();
  }

  @Test
  @Order(3)
  void nightThatWasKilledEndsWithAPublishedReportWhenRunAgain() throws Exception {
    Path log = folder.resolve("resumed.log");
    Process resumed = night(log);
    assertThat(resumed.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(resumed.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log)).contains("done before");
    TrainingRecord training =
        storage.readJson(RUN.model() + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(training.resumes()).isEqualTo(2);
    assertThat(training.epochs()).isEqualTo(EPOCHS);
    assertThat(training.rowsTrained()).isEqualTo(training.rowsPlanned());
    assertThat(Artefacts.of(storage).verify(RUN.report()).files()).isNotEmpty();
    assertThat(failed).doesNotExist();
  }

  private static Process night(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:"))
        .forEach(command::add);
    command.add("-Dspark.sql.codegen.wholeStage=false");
    command.add("-Dspark.sql.adaptive.enabled=false");
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), "io.attune.jobs.Attune", "nightly"));
    command.addAll(List.of("-c", folder.resolve("reviews.yaml").toString()));
    command.addAll(List.of("--date", RUN.date().toString()));
    for (String override :
        List.of(
            "hooks.on-failure.command=[sh, -c, 'cat > " + failed + "']",
            "train.stopping.epochs=" + EPOCHS,
            "train.stopping.patience=0")) {
      command.addAll(List.of("--set", override));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  /** Waits for checkpoints beside those that there are. */
  private static void awaitCheckpoints(Process night, int count, Path log) throws Exception {
    Set<String> before = checkpoints();
    Instant end = Instant.now().plus(LIMIT);
    while (checkpoints().stream().filter(name -> !before.contains(name)).count() < count) {
      assertThat(night.isAlive()).as("the night is still training: " + read(log)).isTrue();
      assertThat(Instant.now()).as("a checkpoint in time: " + read(log)).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Set<String> checkpoints() {
    return Set.copyOf(storage.list("runs/reviews/" + RUN.id() + "/checkpoints"));
  }

  private static String read(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
