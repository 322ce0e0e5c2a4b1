package io.attune.pipeline.stage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.report.sample.SampleNight;
import io.attune.schemas.report.NightReport;
import io.attune.schemas.report.NightReport.TimelinePoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrendViewTest {
  private static final PageLimits LIMITS = new PageLimits(5, 5, 12, 5, 5);

  @Test
  void monthsWithoutDocumentsKeepTheirPlace() {
    String chart =
        trend(
            new TimelinePoint("2025-11", "sentiment", "negative", 4),
            new TimelinePoint("2026-01", "sentiment", "negative", 2));

    assertThat(chart).contains("2025-12: 0 documents", "2026-01: 2 documents");
  }

  @Test
  void dateInAFarFutureDoesNotStretchTheChart() {
    String chart =
        trend(
            new TimelinePoint("2025-11", "sentiment", "negative", 4),
            new TimelinePoint("9999-12", "sentiment", "negative", 1));

    assertThat(chart).contains("2025-11: 4 documents", "9999-12: 1 document");
    assertThat(chart).doesNotContain("2025-12");
  }

  @Test
  void rareLabelsShareOneColour() {
    List<TimelinePoint> points = new ArrayList<>();
    for (int label = 0; label < 30; label++) {
      points.add(new TimelinePoint("2026-01", "topic", "topic " + label, 100 - label));
    }

    String chart = trend(points.toArray(TimelinePoint[]::new));

    assertThat(chart).contains("topic 6", "all others").doesNotContain("topic 7");
  }

  private static String trend(TimelinePoint... points) {
    NightReport night = SampleNight.smallest().toBuilder().timeline(List.of(points)).build();
    return TrendView.of(night, LIMITS).get(0).chart().toString();
  }
}
