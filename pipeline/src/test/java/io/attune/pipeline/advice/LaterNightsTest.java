package io.attune.pipeline.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.provenance.Recorder;
import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.FreshEvidence.FreshHead;
import io.attune.schemas.report.FreshEvidence.TestSplit;
import io.attune.schemas.report.VerdictRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaterNightsTest {
  private static final String MODEL = "2026-01-01.1";
  private static final String OTHER = "2026-01-02.1";
  private static final Run LAST = Run.parse("test", "2026-01-09.1");

  @TempDir private Path root;
  private Storage storage;

  @BeforeEach
  void open() {
    storage = Storage.at(root.toUri().toString(), new Configuration());
  }

  @Test
  void countsTheDocumentsOfANightOnceThoughALaterRunTookItsEvaluationOver() {
    evaluation("2026-01-03.1", "2026-01-03.1", MODEL);
    evaluation("2026-01-03.2", "2026-01-03.1", MODEL);
    evaluation("2026-01-04.1", "2026-01-04.1", MODEL);
    evaluation("2026-01-05.1", "2026-01-05.1", OTHER);

    LaterNights nights = LaterNights.of(storage, LAST, MODEL);

    assertThat(nights.fresh()).containsOnlyKeys("mood");
    assertThat(nights.fresh().get("mood")).containsExactly(20, 14);
  }

  @Test
  void countsTheNightsThatKeptThisModelAndNotThoseThatKeptAnother() {
    verdict("2026-01-03.1", VerdictRecord.KEEP, MODEL);
    verdict("2026-01-04.1", VerdictRecord.PROMOTE, MODEL);
    verdict("2026-01-05.1", VerdictRecord.KEEP, "2026-01-04.1");
    verdict("2026-01-06.1", VerdictRecord.KEEP, "2026-01-04.1"); // a person goes back after it
    verdict("2026-01-07.1", VerdictRecord.CANNOT_TELL, MODEL);

    LaterNights nights = LaterNights.of(storage, LAST, MODEL);

    assertThat(nights.refused()).isEqualTo(2);
    assertThat(nights.lastVerdict()).contains("cannot-tell in 2026-01-07.1");
  }

  private void verdict(String run, String decision, String current) {
    publish(
        Run.parse("test", run).verdict(),
        VerdictRecord.FILE_NAME,
        new VerdictRecord(decision, run, current, List.of(decision + " in " + run), List.of()));
  }

  private void evaluation(String run, String measured, String model) {
    Interval interval = new Interval(0.5, 0.9);
    publish(
        Run.parse("test", run).evaluation(),
        FreshEvidence.FILE_NAME,
        new FreshEvidence(
            FreshEvidence.VERSION,
            measured,
            measured.substring(0, 10),
            model,
            List.of(new FreshHead("mood", 10, 7, 0.7, interval, 0.7, interval)),
            new TestSplit(100, "2026-01-01", 1)));
  }

  private void publish(String folder, String file, Object content) {
    Recorder recorder = new Recorder("test", LAST.id(), "0".repeat(64), Clock.systemUTC());
    Artefacts.of(storage)
        .publish(
            folder,
            recorder.record("test", Map.of()),
            staging -> {
              staging.write(file, Json.pretty(content));
              return Map.of();
            });
  }
}
