package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.jobs.night.Nights.Span;
import io.attune.pipeline.Stage;
import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.CurrentModel;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.VerdictRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictAlertTest {
  private static final Run TONIGHT = new Run("news", LocalDate.of(2026, 1, 3), 1);

  @TempDir Path folder;
  private final NightLog log = new NightLog();
  private Storage storage;

  @BeforeEach
  void open() {
    storage = Storage.at(folder.toUri().toString(), new Configuration());
  }

  @Test
  void aModelThatPassedAndDoesNotGoIntoUseIsAnAlert() {
    publish(VerdictRecord.PROMOTE, "2026-01-01.1");
    makeCurrent("2026-01-02.1");

    new VerdictAlert(storage, log).tell(TONIGHT, Span.ALL);

    assertThat(log.alerts())
        .containsExactly(
            "Model 2026-01-03.1 passed the gate and was not promoted: it was compared with"
                + " 2026-01-01.1, and 2026-01-02.1 is current now; run a night that compares it"
                + " again");
  }

  @Test
  void aModelThatWentIntoUseIsNoneNorIsOneWhoseTurnHasNotCome() {
    publish(VerdictRecord.PROMOTE, "2026-01-01.1");
    makeCurrent("2026-01-01.1");
    new VerdictAlert(storage, log).tell(TONIGHT, new Span(Stage.INGEST, Stage.COMPARE));
    makeCurrent(TONIGHT.id());
    new VerdictAlert(storage, log).tell(TONIGHT, Span.ALL);
    makeCurrent("2026-01-01.1"); // rolled back

    new VerdictAlert(storage, log).tell(TONIGHT, Span.ALL);

    assertThat(log.alerts()).isEmpty();
  }

  @Test
  void aModelThatIsKeptOutIsAnAlertWhereItWasCompared() {
    publish(VerdictRecord.KEEP, "2026-01-01.1");

    new VerdictAlert(storage, log).tell(TONIGHT, Span.ALL);
    new VerdictAlert(storage, log).tell(TONIGHT, new Span(Stage.PROMOTE, Stage.REPORT));

    assertThat(log.alerts()).containsExactly("The current model was kept: Said by the gate.");
  }

  private void publish(String decision, String current) {
    VerdictRecord verdict =
        new VerdictRecord(decision, TONIGHT.id(), current, List.of("Said by the gate."), List.of());
    Artefacts.of(storage)
        .publish(
            TONIGHT.verdict(),
            new Recorder(TONIGHT.task(), TONIGHT.id(), "0".repeat(64), Clock.systemUTC())
                .record("compare", Map.of()),
            staging -> {
              staging.write(VerdictRecord.FILE_NAME, Json.pretty(verdict));
              return Map.of();
            });
  }

  private void makeCurrent(String version) {
    CurrentModel.of(storage, TONIGHT.task()).pointTo(version, "test", Clock.systemUTC());
  }
}
