package io.attune.pipeline.stage.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Run;
import io.attune.schemas.report.FreshEvidence.TestSplit;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TestWearTest {
  @Test
  void countsTheNightsInWhichHalfOfTheRowsWereUsed() {
    TestSplit wear =
        TestWear.of(
            new TreeMap<>(Map.of(night(2), 10L, night(3), 45L, night(9), 45L)),
            night(9),
            List.of(night(1), night(2), night(3), night(4), night(8)));

    assertThat(wear).isEqualTo(new TestSplit(100, "2026-01-02", 4));
  }

  @Test
  void rowsThatCameTonightAreUsedOnce() {
    assertThat(TestWear.of(new TreeMap<>(Map.of(night(5), 7L)), night(5), List.of(night(4))))
        .isEqualTo(new TestSplit(7, "2026-01-05", 1));
  }

  private static Run night(int day) {
    return new Run("news", LocalDate.of(2026, 1, day), 1);
  }
}
