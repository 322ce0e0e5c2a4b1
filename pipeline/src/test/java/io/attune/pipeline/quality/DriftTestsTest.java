package io.attune.pipeline.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.report.NightQuality.Drift;
import io.attune.schemas.report.NightQuality.Measures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftTestsTest {

  /**
   * Tests against the statistic by hand: with 30 and 10 documents of two sources tonight and 50 and
   * 50 before, expected are 22.857 and 17.143 of 40, and 57.143 and 42.857 of 100: chi-square is
   * 7.2917 with one degree of freedom.
   */
  @Test
  void testsWhetherTheMixIsThatOfEarlierNights() {
    Measures tonight = night(Map.of("wire", 30L, "blog", 10L), Map.of("up", 20L, "down", 20L));
    List<Measures> earlier =
        List.of(
            night(Map.of("wire", 20L, "blog", 30L), Map.of("up", 26L, "down", 24L)),
            night(Map.of("wire", 30L, "blog", 20L), Map.of("up", 24L, "down", 26L)));

    List<Drift> drifts = DriftTests.of(tonight, earlier);

    assertThat(drifts).extracting(Drift::mix).containsExactly("source", "labels of mood");
    Drift source = drifts.get(0);
    assertThat(source.tonight()).isEqualTo(40);
    assertThat(source.earlier()).isEqualTo(100);
    assertThat(source.pValue()).isCloseTo(0.006926, within(1e-5));
    assertThat(source.adjusted()).isCloseTo(2 * source.pValue(), within(1e-12));
    double p = 30.5 / 41;
    assertThat(source.stabilityIndex())
        .isCloseTo(
            (p - 0.5) * Math.log(p / 0.5) + (0.5 - p) * Math.log((1 - p) / 0.5), within(1e-12));
    assertThat(source.drifted()).isTrue();
    assertThat(source.most()).isEqualTo("blog");
    assertThat(source.mostTonight()).isEqualTo(0.25);
    assertThat(source.mostEarlier()).isEqualTo(0.5);
    assertThat(drifts.get(1).pValue()).isCloseTo(1, within(1e-9));
    assertThat(drifts.get(1).drifted()).isFalse();
  }

  @Test
  void putsRareValuesTogetherAndLeavesOutWhatCannotBeCompared() {
    Measures tonight = night(Map.of("wire", 40L, "a", 1L, "b", 2L, "c", 7L), Map.of("up", 50L));
    Measures before = night(Map.of("wire", 40L, "d", 8L, "e", 2L), Map.of("up", 50L));

    List<Drift> drifts = DriftTests.of(tonight, List.of(before));

    assertThat(drifts).extracting(Drift::mix).containsExactly("source");
    assertThat(drifts.get(0).pValue()).isCloseTo(1, within(1e-9)); // 40 and 10, both times
    assertThat(DriftTests.of(tonight, List.of())).isEmpty();
  }

  @Test
  void aSmallChangeAmongManyDocumentsIsNoDrift() {
    Measures tonight = night(Map.of("wire", 52_000L, "blog", 48_000L), Map.of());
    Measures before = night(Map.of("wire", 50_000L, "blog", 50_000L), Map.of());

    Drift drift = DriftTests.of(tonight, List.of(before)).get(0);

    assertThat(drift.adjusted()).isLessThan(1e-6);
    assertThat(drift.stabilityIndex()).isLessThan(0.1);
    assertThat(drift.drifted()).isFalse();
  }

  private static Measures night(Map<String, Long> sources, Map<String, Long> moods) {
    return new Measures(
        "2026-01-02.1",
        "2026-01-02",
        100,
        100,
        0,
        0,
        50,
        1,
        1,
        0,
        Map.of("mood", moods),
        Map.of(),
        sources,
        Map.of());
  }
}
