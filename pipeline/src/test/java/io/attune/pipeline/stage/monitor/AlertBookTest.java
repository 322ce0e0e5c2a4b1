package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Mask;
import io.attune.pipeline.surge.Masks;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Episodes;
import io.attune.pipeline.surge.alert.Severity;
import io.attune.schemas.report.SurgeAlert;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertBookTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 10);
  private static final String MODEL = "2026-01-01.1";

  @Test
  void anAlertIsRaisedOnceGoesOnEndsAndIsForgotten() {
    List<KnownAlert> first = night(0).update(List.of(), List.of(on(0, 30)), MODEL);
    List<KnownAlert> second = night(1).update(first, List.of(on(0, 30), on(1, 31)), MODEL);
    List<KnownAlert> ended = night(5).update(second, List.of(on(0, 30), on(1, 31)), MODEL);
    List<KnownAlert> old = night(130).update(ended, List.of(), MODEL);

    assertThat(first).singleElement().extracting(KnownAlert::change).isEqualTo(SurgeAlert.RAISED);
    assertThat(second)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.change()).isEqualTo(SurgeAlert.GOES_ON);
              assertThat(alert.id()).isEqualTo(first.get(0).id());
              assertThat(alert.days()).hasSize(2);
            });
    assertThat(ended).singleElement().extracting(KnownAlert::change).isEqualTo(SurgeAlert.ENDED);
    assertThat(old).isEmpty();
  }

  @Test
  void whatBeganBeforeTheJudgedDaysIsTheSameAlert() {
    List<KnownAlert> first = night(0).update(List.of(), List.of(on(0, 30)), MODEL);
    List<KnownAlert> known = first;
    for (int day = 1; day <= 12; day++) {
      List<Alert> found =
          java.util.stream.IntStream.rangeClosed(Math.max(0, day - 6), day)
              .mapToObj(d -> on(d, 30))
              .toList();
      known = night(day).update(known, found, MODEL);
      assertThat(known).hasSize(1);
      assertThat(known.get(0).id()).isEqualTo(first.get(0).id());
      assertThat(known.get(0).change()).isEqualTo(SurgeAlert.GOES_ON);
    }
    assertThat(known.get(0).days()).hasSize(13);
  }

  @Test
  void aLateDocumentThatMovesTheBeginningChangesNoId() {
    List<KnownAlert> first = night(3).update(List.of(), List.of(on(3, 30)), MODEL);

    List<KnownAlert> second = night(4).update(first, List.of(on(2, 30), on(3, 30)), MODEL);

    assertThat(second).hasSize(1);
    assertThat(second.get(0).id()).isEqualTo(first.get(0).id());
    assertThat(second.get(0).episode().from()).isEqualTo(DAY.plusDays(2));
  }

  @Test
  void whatIsNoSurgeAnyMoreIsWithdrawnOnce() {
    List<KnownAlert> first = night(0).update(List.of(), List.of(on(0, 30)), MODEL);

    List<KnownAlert> second = night(1).update(first, List.of(), MODEL);
    List<KnownAlert> third = night(2).update(second, List.of(), MODEL);

    assertThat(second)
        .singleElement()
        .extracting(KnownAlert::change)
        .isEqualTo(SurgeAlert.WITHDRAWN);
    assertThat(third).isEmpty();
  }

  @Test
  void whatGetsMoreSevereIsToldOfAgain() {
    List<KnownAlert> first = night(0).update(List.of(), List.of(on(0, 30)), MODEL);

    List<KnownAlert> second = night(1).update(first, List.of(on(0, 30), on(1, 300)), MODEL);

    assertThat(second)
        .singleElement()
        .extracting(KnownAlert::change)
        .isEqualTo(SurgeAlert.WORSENED);
  }

  @Test
  void anAnnotationWithdrawsAnAlertOnceThoughItsDaysAreJudgedNoMore() {
    List<KnownAlert> first = night(1).update(List.of(), List.of(on(0, 30), on(1, 30)), MODEL);
    List<KnownAlert> old = night(20).update(first, List.of(), MODEL);

    List<KnownAlert> partly = night(21, mask(0, 0)).update(old, List.of(), MODEL);
    List<KnownAlert> wholly = night(22, mask(0, 1)).update(partly, List.of(), MODEL);
    List<KnownAlert> after = night(23, mask(0, 1)).update(wholly, List.of(), MODEL);

    assertThat(old).singleElement().extracting(KnownAlert::change).isEqualTo(SurgeAlert.ENDED);
    assertThat(partly)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.change()).isEqualTo(SurgeAlert.ENDED);
              assertThat(alert.id()).isEqualTo(first.get(0).id());
              assertThat(alert.days()).hasSize(1);
            });
    assertThat(wholly)
        .singleElement()
        .extracting(KnownAlert::change)
        .isEqualTo(SurgeAlert.WITHDRAWN);
    assertThat(after).isEmpty();
  }

  private static Masks mask(int from, int to) {
    return new Masks(
        List.of(new Mask("topic:regulation", DAY.plusDays(from), DAY.plusDays(to), "a test")));
  }

  private static AlertBook night(int day) {
    return night(day, Masks.NONE);
  }

  /** Returns the book of a night that judges a week. */
  private static AlertBook night(int day, Masks masks) {
    LocalDate today = DAY.plusDays(day);
    return new AlertBook(Episodes.DEFAULTS, today.minusDays(6), today, masks);
  }

  private static Alert on(int day, long seen) {
    Judgement judgement =
        new Judgement(
            "topic:regulation",
            DAY.plusDays(day),
            seen,
            10,
            25,
            0.001,
            1.2,
            Method.RECENT,
            Outcome.SURGE,
            "");
    return new Alert(judgement, 0.01, seen > 100 ? Severity.SEVERE : Severity.NOTICE, List.of());
  }
}
