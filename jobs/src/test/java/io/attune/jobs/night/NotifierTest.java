package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.jobs.config.RunConfigs;
import io.attune.jobs.console.Console;
import io.attune.pipeline.Progress;
import io.attune.pipeline.Stage;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.storage.RunLock;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which hook is notified of which event. */
class NotifierTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void whatWasMetOnTheWayIsAnAlertAfterTheSuccess() throws IOException {
    int result =
        notifier()
            .runAndNotify(
                log -> {
                  log.listeningTo(Progress.SILENT, Stage.TRAIN).warn("worker 3 was left out");
                  log.alert("The current model was kept: it is better");
                  return 42;
                });

    assertThat(result).isEqualTo(42);
    assertThat(told())
        .containsExactly(
            "success 0 Attune, task news: success: nothing new, nothing done",
            "alert 0 Attune, task news: alert: train: worker 3 was left out; The current model was"
                + " kept: it is better");
  }

  @Test
  void failureKeepsItsExitCodeAndGoesOn() throws IOException {
    assertThatThrownBy(
            () ->
                notifier()
                    .runAndNotify(
                        log -> {
                          throw new Failure.TrainingDiverged("loss is %s", Double.NaN);
                        }))
        .isInstanceOf(Failure.TrainingDiverged.class);

    assertThat(told()).containsExactly("failure 6 Attune, task news: failure: loss is NaN");
  }

  @Test
  void bugIsAFailureToo() throws IOException {
    assertThatThrownBy(
            () ->
                notifier()
                    .runAndNotify(
                        log -> {
                          throw new IllegalStateException("odd");
                        }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(told())
        .containsExactly(
            "failure 1 Attune, task news: failure: java.lang.IllegalStateException: odd");
  }

  @Test
  void errorOfTheJvmIsAFailureToo() throws IOException {
    assertThatThrownBy(
            () ->
                notifier()
                    .runAndNotify(
                        log -> {
                          throw new OutOfMemoryError("heap");
                        }))
        .isInstanceOf(OutOfMemoryError.class);

    assertThat(told())
        .containsExactly("failure 1 Attune, task news: failure: java.lang.OutOfMemoryError: heap");
  }

  @Test
  void taskThatAnotherProcessHasIsToldByThatOne() {
    assertThatThrownBy(
            () ->
                notifier()
                    .runAndNotify(
                        log -> {
                          throw new Failure.Busy("taken");
                        }))
        .isInstanceOf(Failure.Busy.class);

    assertThat(folder.resolve("told")).doesNotExist();
  }

  @Test
  void hookThatFailsIsALineOfTheConsole() throws IOException {
    Files.createDirectory(folder.resolve("told")); // nothing can be appended to a folder

    assertThat(notifier().<Integer>runAndNotify(log -> 1)).isEqualTo(1);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("! hook on-success command", "the night is not affected");
  }

  @Test
  void alertsThatAnotherProcessMayBeTellingOfWait() throws IOException {
    Storage storage = Storage.at(folder.resolve("root").toUri().toString(), new Configuration());
    Path mood = Files.createDirectories(folder.resolve("root/runs/news/2026-01-06.1/mood"));
    Files.writeString(mood.resolve(Manifest.FILE_NAME), "{}");
    Outbox.of(storage, "news").add("2026-01-06.1", List.of(SurgeDeliveryTest.alert("regulation")));

    try (RunLock other = RunLock.acquire(storage, "news", "2026-01-07.1", Clock.systemUTC())) {
      assertThat(notifier().<Integer>runAndNotify(log -> 1)).isEqualTo(1);
    }
    assertThat(told()).hasSize(1);
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("! alerts on surges wait for the next night: Task 'news' is being worked on");

    assertThat(notifier().<Integer>runAndNotify(log -> 1)).isEqualTo(1);
    assertThat(told())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("alert 0 Attune, task news: alert: ");
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(folder.resolve("told"));
  }

  private Notifier notifier() throws IOException {
    String command =
        "{command: [sh, -c, 'echo \"$ATTUNE_EVENT $ATTUNE_EXIT_CODE $ATTUNE_TEXT\" >> %s/told']}"
            .formatted(folder);
    Path config =
        Files.writeString(
            folder.resolve("news.yaml"),
            """
            task: news
            root: root
            heads: {mood: [bad, good]}
            corpora:
              - {name: shop, path: reviews.csv, columns: {text: text, labels: {mood: stars}}}
            hooks: {on-success: %1$s, on-failure: %1$s, on-alert: %1$s}
            """
                .formatted(command));
    return new Notifier(
        RunConfigs.load(config, List.of()),
        new Console(new PrintStream(shown, true, StandardCharsets.UTF_8), false, Clock.systemUTC()),
        Map.of("PATH", System.getenv("PATH")),
        Clock.systemUTC());
  }
}
