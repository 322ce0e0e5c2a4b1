package io.attune.pipeline.stage.report;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReportConfigTest {
  @Test
  void refusesLimitsBelowOneAndPagesTooSmallToFit() {
    assertThatThrownBy(() -> new ReportConfig(0, 1, 1, 1, 1, 1, 200_000))
        .hasMessage("max-examples must be at least 1, got 0");
    assertThatThrownBy(() -> new ReportConfig(1, 1, 1, 1, 1, 1, 1_000))
        .hasMessage("max-page-bytes must be at least 200000, got 1000");
  }
}
