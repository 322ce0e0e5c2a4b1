package io.attune.pipeline.stage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.TestNight;
import io.attune.pipeline.storage.Run;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.FreshEvidence;
import io.attune.schemas.report.FreshEvidence.TestSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshNightsTest {
  @Test
  void showsWhatARunTookOverOnceAsThatOfTheOtherRun(@TempDir Path root) {
    StageContext night = TestNight.in(root);
    publish(night, "2026-01-01.1", "2026-01-01.1");
    publish(night, "2026-01-01.2", "2026-01-01.1");
    publish(night, "2026-01-02.1", "2026-01-02.1");
    publish(night, "2026-01-03.1", "2026-01-03.1"); // after this one

    assertThat(FreshNights.of(night))
        .extracting(FreshEvidence::run)
        .containsExactly("2026-01-01.1", "2026-01-02.1");
  }

  private static void publish(StageContext night, String run, String measured) {
    FreshEvidence evidence =
        new FreshEvidence(
            FreshEvidence.VERSION,
            measured,
            "2026-01-01",
            null,
            List.of(),
            new TestSplit(1, "2026-01-01", 1));
    night
        .artefacts()
        .publish(
            Run.parse("test", run).evaluation(),
            night.recorder().record("evaluate", Map.of()),
            staging -> {
              staging.write(FreshEvidence.FILE_NAME, Json.pretty(evidence));
              return Map.of();
            });
  }
}
