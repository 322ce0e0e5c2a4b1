package io.attune.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagePreviewTest {
  @Test
  void writesPages() throws Exception {
    ReportConfig config = new ReportConfig(24, 40, 60, 24, 60, 366, 2_000_000);
    Path dir = Files.createDirectories(Path.of("/tmp/preview/news/2026-01-06.1"));
    for (int times : new int[] {1, 10}) {
      byte[] page = Pages.night(new SampleNight(times).report(), config);
      System.err.println(
          times
              + ": "
              + page.length
              + " bytes; json "
              + Json.pretty(new SampleNight(times).report()).length);
      Files.write(dir.resolve(times == 1 ? "index.html" : "ten.html"), page);
    }
    Files.write(dir.resolve("smallest.html"), Pages.night(SampleNight.smallest(), config));
    java.util.List<NightLine> lines = new java.util.ArrayList<>();
    for (int i = 30; i >= 1; i--) {
      double a = 0.9 - 0.08 * Math.exp(-i / 6.0) + 0.004 * Math.sin(i * 1.7);
      lines.add(
          new NightLine(
              "news",
              "2026-01-%02d.1".formatted(i),
              "2026-01-%02d".formatted(i),
              i % 3 == 0 ? "promote" : "keep",
              a,
              0.868,
              a - .012,
              .853));
      if (i % 2 == 0)
        lines.add(
            new NightLine(
                "评论 reviews",
                "2026-01-%02d.1".formatted(i),
                "2026-01-%02d".formatted(i),
                i % 4 == 0 ? "promote" : "keep",
                a - 0.03,
                0.84 + i * .0003,
                a - .05,
                .83));
    }
    Files.write(
        Path.of("/tmp/preview/index.html"),
        Pages.overview(OverviewPage.of(lines, 500, List.of("reports/x/2025-12-01.1/report.json"))));
    assertThat(dir).exists();
  }
}
