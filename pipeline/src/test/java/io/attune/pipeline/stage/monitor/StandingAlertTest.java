package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.scoring.PublishedModels;
import io.attune.schemas.report.AlertFile;
import io.attune.schemas.report.SurgeAlert;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An alert stands though its series is no longer among the most frequent. */
class StandingAlertTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final int DAYS = 44;
  private static final int[] USUAL = {3, 4, 5, 4, 3};

  @Test
  void aSeriesWithAnAlertIsFollowedAtAnyPlace(@TempDir Path root) {
    MoodNights first = new MoodNights(root, FIRST);
    PublishedModels.promote(first.context(), MoodNights.MODEL);
    for (int back = DAYS; back >= 1; back--) {
      first.day(FIRST.minusDays(back), 12, USUAL[back % USUAL.length]);
    }
    add(first, FIRST.minusDays(DAYS), new Some("ORC", 1, false));
    first.day(FIRST, 12, 4);
    add(first, FIRST, new Some("ORC", 30, true));
    SurgeAlert raised = night(first, "entity:ORC");

    MoodNights second = new MoodNights(root, FIRST.plusDays(1)).day(FIRST.plusDays(1), 12, 4);
    // The entity with the alert is the fifth now, and four are followed.
    add(second, FIRST.plusDays(1), new Some("NEW", 60, false));
    SurgeAlert later = night(second, "entity:ORC");

    assertThat(raised.change()).isEqualTo(SurgeAlert.RAISED);
    assertThat(later.change()).isEqualTo(SurgeAlert.GOES_ON);
    assertThat(later.course().negative()).contains(30L);
  }

  private record Some(String ticker, int number, boolean areNegative) {}

  private static void add(MoodNights night, LocalDate day, Some documents) {
    for (int i = 0; i < documents.number; i++) {
      night.add(day, documents.areNegative, Map.of("ticker", documents.ticker));
    }
  }

  private static SurgeAlert night(MoodNights night, String series) {
    Monitor.run(night.write().context(), MoodNights.CONFIG);
    return night
        .context()
        .artefacts()
        .open(night.context().run().mood())
        .json(AlertFile.FILE_NAME, AlertFile.class)
        .alerts()
        .stream()
        .filter(alert -> alert.subject().series().equals(series))
        .findFirst()
        .orElseThrow();
  }
}
