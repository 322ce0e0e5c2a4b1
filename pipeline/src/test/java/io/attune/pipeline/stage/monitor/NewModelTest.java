package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.StageResult;
import io.attune.pipeline.scoring.PublishedModels;
import io.attune.schemas.report.Mood;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model that calls twice as many of the same documents negative is no news. */
class NewModelTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final String NEW = "2026-01-03.1";
  private static final int DAYS = 44;
  private static final int[] USUAL = {3, 4, 5, 4, 3};

  /** Days whose documents the new model has read again. */
  private static final int AGAIN = 10;

  @Test
  void theBreakIsMarkedAndRaisesNoAlert(@TempDir Path root) {
    MoodNights first = new MoodNights(root, FIRST);
    PublishedModels.promote(first.context(), MoodNights.MODEL);
    for (int back = DAYS; back >= 1; back--) {
      first.day(FIRST.minusDays(back), 12, USUAL[back % USUAL.length]);
    }
    first.write();
    assertThat(Monitor.run(first.context(), MoodNights.CONFIG).counts())
        .containsEntry("alerts", 0L);

    MoodNights second = new MoodNights(root, FIRST.plusDays(1)).by(NEW);
    PublishedModels.promote(second.context(), NEW);
    second.day(FIRST, 24, 15);
    for (int number = 12 * (DAYS - AGAIN); number < 12 * DAYS; number++) {
      int ofDay = number % 12;
      second.score(
          "d" + FIRST + "-" + number, NEW, ofDay < 8, ofDay % 2 == 0 ? "finance" : "phones");
    }
    second.write();
    StageResult result = Monitor.run(second.context(), MoodNights.CONFIG);

    Mood mood =
        second
            .context()
            .artefacts()
            .open(second.context().run().mood())
            .json(Mood.FILE_NAME, Mood.class);
    assertThat(result.counts()).containsEntry("alerts", 0L);
    assertThat(mood.explained()).extracting(Mood.Explained::series).contains("market");
    assertThat(mood.explained().get(0).factor()).isBetween(1.8, 2.5);
    assertThat(mood.explained().get(0).documents())
        .isEqualTo(12L * (AGAIN - 1)); // not the judged day
    assertThat(mood.explained().get(0).before()).isEqualTo(MoodNights.MODEL);
    assertThat(mood.explained().get(0).now()).isEqualTo(NEW);
  }
}
