package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.stage.monitor.Overlaps.Pair;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Severity;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverlapsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
  private static final SeriesKey ENTITY = SeriesKey.parse("entity:NVL");
  private static final SeriesKey SOURCE = SeriesKey.parse("source:Tape");

  private static Alert alert(SeriesKey key, long seen, double p) {
    return new Alert(
        new Judgement(key.series(), DAY, seen, 0.5, 2, p, 1.5, Method.RECENT, Outcome.SURGE, ""),
        10 * p,
        Severity.WARNING,
        List.of());
  }

  private static Alert alert(SeriesKey key, Count count, double p) {
    Judgement judgement =
        new Judgement(
            key.series(),
            DAY,
            count.seen,
            count.expected,
            count.limit,
            p,
            1.3,
            Method.RECENT,
            Outcome.SURGE,
            "");
    return new Alert(judgement, 10 * p, Severity.WARNING, List.of());
  }

  private record Count(long seen, double expected, double limit) {}

  private static List<Alert> joined(List<Alert> ofDay, Map<Pair, Long> shared) {
    return Overlaps.joined(ofDay, shared, 0.01);
  }

  private static Map<Pair, Long> sharing(long documents) {
    return Map.of(
        new Pair(DAY, ENTITY, SOURCE), documents, new Pair(DAY, SOURCE, ENTITY), documents);
  }

  @Test
  void ofSeriesOfTheSameDocumentsTheOneThatSaysWhoStands() {
    List<Alert> alerts = List.of(alert(SOURCE, 5, 1e-9), alert(ENTITY, 5, 1e-8));

    List<Alert> joined = joined(alerts, sharing(5));

    assertThat(joined).extracting(Alert::series).containsExactly("entity:NVL");
    assertThat(joined.get(0).covers()).containsExactly("source:Tape");
    assertThat(joined.get(0).judgement().p()).isEqualTo(1e-8);
  }

  @Test
  void aSeriesWithDocumentsOfItsOwnStandsIfItIsLessProbable() {
    List<Alert> alerts = List.of(alert(SOURCE, 6, 1e-9), alert(ENTITY, 5, 1e-8));

    List<Alert> joined = joined(alerts, sharing(5));

    assertThat(joined).extracting(Alert::series).containsExactly("source:Tape");
  }

  @Test
  void alertsWithoutCommonDocumentsBothStand() {
    List<Alert> alerts = List.of(alert(SOURCE, 5, 1e-9), alert(ENTITY, 5, 1e-8));

    assertThat(joined(alerts, Map.of())).hasSize(2);
  }

  /** Tests a source that is left with 14 where the limit is 13. */
  @Test
  void aSeriesThatIsLeftRareAsChanceBringsItIsCovered() {
    Alert entity = alert(ENTITY, new Count(78, 2.4, 7), 1e-60);
    Alert source = alert(SOURCE, new Count(25, 6.2, 13), 6e-7);

    assertThat(joined(List.of(entity, source), sharing(11)))
        .extracting(Alert::series)
        .containsExactly("entity:NVL");
  }

  @Test
  void aSeriesThatIsLeftExtraordinaryStandsBesideTheOther() {
    Alert entity = alert(ENTITY, new Count(78, 2.4, 7), 1e-60);
    Alert source = alert(SOURCE, new Count(32, 6.2, 13), 1e-10);

    assertThat(joined(List.of(entity, source), sharing(11)))
        .extracting(Alert::series)
        .containsExactly("entity:NVL", "source:Tape");
  }
}
