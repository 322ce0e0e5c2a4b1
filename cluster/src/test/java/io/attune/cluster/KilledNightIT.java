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
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a night in its own JVM while it trains, and runs it again. */
class KilledNightIT {
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Run RUN = new Run("reviews", LocalDate.of(2026, 2, 1), 1);

  @TempDir Path folder;
  private Storage storage;

  @BeforeEach
  void writeCorpus() throws IOException {
    Reviews.write(folder, "data/2026-02-01/reviews.jsonl", 600, 1);
    Reviews.config(folder, folder.resolve("root").toString());
    storage = Storage.at(folder.resolve("root").toString(), new Configuration());
  }

  @Test
  void nightThatWasKilledEndsWithAPublishedReportWhenRunAgain() throws Exception {
    Process killed =
        night(
            folder.resolve("killed.log"), "train.stopping.epochs=30", "train.stopping.patience=0");
    awaitCheckpoints(killed, 2);
    killed.destroyForcibly().waitFor();
    assertThat(storage.exists(RUN.model())).isFalse();

    Process resumed =
        night(
            folder.resolve("resumed.log"), "train.stopping.epochs=30", "train.stopping.patience=0");
    assertThat(resumed.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(resumed.exitValue()).as(Files.readString(folder.resolve("resumed.log"))).isZero();
    assertThat(Files.readString(folder.resolve("resumed.log"))).contains("done before");
    TrainingRecord training =
        storage.readJson(RUN.model() + "/" + ModelBundle.TRAINING, TrainingRecord.class);
    assertThat(training.resumes()).isEqualTo(1);
    assertThat(training.epochs()).isEqualTo(30);
    assertThat(training.rowsTrained()).isEqualTo(training.rowsPlanned());
    assertThat(Artefacts.of(storage).verify(RUN.report()).files()).isNotEmpty();
  }

  @Test
  void nightThatIsToldToEndRecordsNoFailureAndResumes() throws Exception {
    Path log = folder.resolve("told.log");
    Path failed = folder.resolve("failed.json");
    String hook = "hooks.on-failure.command=[sh, -c, 'cat > " + failed + "']";
    Process told = night(log, hook, "train.stopping.epochs=30", "train.stopping.patience=0");
    awaitCheckpoints(told, 2);

    told.destroy(); // SIGTERM
    assertThat(told.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(told.exitValue()).as(Files.readString(log)).isEqualTo(143);
    assertThat(Files.readString(log)).contains("ended by a signal").doesNotContain("a bug");
    assertThat(failed).doesNotExist();
    assertThat(Files.readString(folder.resolve("root/" + RUN.folder() + "/state.json")))
        .contains("\"shard\"")
        .doesNotContain("exitCode");
    Process resumed =
        night(
            folder.resolve("resumed.log"),
            hook,
            "train.stopping.epochs=30",
            "train.stopping.patience=0");
    assertThat(resumed.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(resumed.exitValue()).as(Files.readString(folder.resolve("resumed.log"))).isZero();
  }

  private Process night(Path log, String... overrides) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx1g", "-cp", classPath(), "io.attune.jobs.Attune", "nightly"));
    command.addAll(List.of("-c", folder.resolve("reviews.yaml").toString()));
    command.addAll(List.of("--date", RUN.date().toString()));
    for (String override : overrides) {
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

  private void awaitCheckpoints(Process process, int count) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    while (storage.list("runs/reviews/" + RUN.id() + "/checkpoints").size() < count) {
      assertThat(process.isAlive()).as("the night is still training: " + logs()).isTrue();
      assertThat(Instant.now()).as("a checkpoint in time: " + logs()).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private String logs() throws IOException {
    StringBuilder logs = new StringBuilder();
    for (String name : List.of("killed.log", "told.log", "resumed.log")) {
      if (Files.exists(folder.resolve(name))) {
        logs.append(Files.readString(folder.resolve(name)));
      }
    }
    return logs.toString();
  }
}
