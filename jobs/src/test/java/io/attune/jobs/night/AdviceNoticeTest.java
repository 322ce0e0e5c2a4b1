package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.console.Console;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Advice;
import io.attune.schemas.report.Advice.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdviceNoticeTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final NightLog log = new NightLog();
  private Storage storage;

  @BeforeEach
  void open() {
    storage = Storage.at(folder.toUri().toString(), new Configuration());
  }

  @Test
  void eachNightHasItsLineAndAChangeForTheWorseIsAnAlert() {
    tell(1, Advice.NONE);
    tell(2, Advice.LOOK);
    tell(3, Advice.LOOK);
    tell(4, Advice.TRAIN_AGAIN);
    tell(5, Advice.NONE);

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("Advice: "));
    assertThat(log.alerts())
        .containsExactly(
            "Advice: look at what has changed. Because of night 2.",
            "Advice: train again. Because of night 4.");
  }

  @Test
  void aFirstNightThatAsksForSomethingIsAnAlertAndANightWithoutAdviceIsSilent() {
    notice().tell(run(1));
    tell(2, Advice.TRAIN_AGAIN);

    assertThat(log.alerts()).hasSize(1);
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  private AdviceNotice notice() {
    Console console =
        new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false, Clock.systemUTC());
    return new AdviceNotice(storage, console, log);
  }

  private static Run run(int night) {
    return new Run("news", FIRST.plusDays(night), 1);
  }

  private void tell(int night, String verdict) {
    Run run = run(night);
    Advice advice =
        new Advice(
            Advice.VERSION,
            run.task(),
            run.id(),
            run.date().toString(),
            verdict,
            List.of(new Reason("drift", true, "Because of night " + night + ".")),
            null,
            null,
            List.of(),
            List.of(),
            List.of());
    Artefacts.of(storage)
        .publish(
            run.advice(),
            new Recorder(run.task(), run.id(), "0".repeat(64), Clock.systemUTC())
                .record("monitor", Map.of()),
            staging -> {
              staging.write(Advice.FILE_NAME, Json.pretty(advice));
              return Map.of();
            });
    notice().tell(run);
  }
}
