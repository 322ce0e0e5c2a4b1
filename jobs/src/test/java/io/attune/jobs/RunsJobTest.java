package io.attune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.night.NightState;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the lines of {@code runs}: state, time, cost. */
class RunsJobTest {
  private static final String STAGE =
      "{\"stage\":\"%s\",\"startedAt\":\"2026-01-01T02:00:00Z\",\"seconds\":10.0,\"artefact\":\"a\","
          + "\"summary\":\"%s\",\"counts\":{}%s}";

  @TempDir Path folder;
  private Storage storage;

  @BeforeEach
  void writeRuns() throws IOException {
    storage = Storage.at(folder.toUri().toString(), new Configuration());
    // As a version before costs wrote it.
    state("2026-01-01.1", STAGE.formatted("ingest", "7 documents", ""), "");
    String cost = ",\"cost\":{\"coreSeconds\":40.0,\"busyCoreSeconds\":30.0,\"gpuSeconds\":%s}";
    state(
        "2026-01-02.1",
        STAGE.formatted("ingest", "9 documents", cost.formatted("0.0"))
            + ","
            + STAGE.formatted("clean", "8 kept", cost.formatted("20.0")),
        ",\"stopped\":{\"stage\":\"tokenize\",\"at\":\"2026-01-02T02:00:20Z\",\"exitCode\":3,"
            + "\"message\":\"The disk is full\",\"cost\":"
            + "{\"coreSeconds\":4.0,\"busyCoreSeconds\":1.0,\"gpuSeconds\":2.0}}");
  }

  @Test
  void latestRunIsShownWithItsStagesAndWhyItStopped() {
    assertThat(lines(false))
        .hasSize(5)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("2026-01-01.1", "stopped before clean", "10.0 s", "0.0 core-s"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "2026-01-02.1",
                        "stopped before tokenize",
                        "20.0 s",
                        "84.0 core-s",
                        "( 73 % busy)",
                        "22.0 GPU-s"))
        .anySatisfy(
            line -> assertThat(line).contains("clean", "40.0 core-s", "20.0 GPU-s", "8 kept"))
        .contains("  stopped: The disk is full");
  }

  @Test
  void everyRunIsShownWithItsStagesWhereAskedFor() {
    assertThat(lines(true)).hasSize(6).anySatisfy(line -> assertThat(line).contains("7 documents"));
  }

  @Test
  void runThatIsWorkedOnIsRunning() {
    try (RunLock lock = RunLock.acquire(storage, "news", "2026-01-02.1", Clock.systemUTC())) {
      assertThat(lines(false))
          .anySatisfy(line -> assertThat(line).contains("2026-01-02.1", "running tokenize"))
          .last()
          .asString()
          .contains("Task news is worked on by process " + ProcessHandle.current().pid());
    }
    assertThat(lines(false)).noneMatch(line -> line.contains("is worked on by"));
  }

  private List<String> lines(boolean stages) {
    RunsJob job = new RunsJob();
    job.stages = stages;
    return job.lines(storage, "news", NightState.all(storage, "news"), Clock.systemUTC());
  }

  private void state(String run, String stages, String more) throws IOException {
    Path file = folder.resolve("runs/news/" + run + "/state.json");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"task":"news","run":"%s","configuration":"c","startedAt":"2026-01-01T02:00:00Z","stages":[%s]%s}
        """
            .formatted(run, stages, more));
  }
}
