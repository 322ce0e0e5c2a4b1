package io.attune.pipeline.stage.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Episode;
import io.attune.pipeline.surge.alert.Severity;
import io.attune.schemas.report.SurgeAlert;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurgeSearchTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 10);

  @Test
  void allNewsIsToldAndWithdrawalsComeBeforeWhatGoesOn() {
    List<KnownAlert> known = alerts(70, SurgeAlert.GOES_ON);
    known.addAll(alerts(3, SurgeAlert.WITHDRAWN));
    known.addAll(alerts(60, SurgeAlert.RAISED));

    List<KnownAlert> shown = SurgeSearch.shown(known, List.of());

    assertThat(shown).hasSize(63).allMatch(KnownAlert::isNews);
    assertThat(shown.get(62).change()).isEqualTo(SurgeAlert.WITHDRAWN);
  }

  @Test
  void littleNewsLeavesRoomForWhatGoesOn() {
    List<KnownAlert> known = alerts(70, SurgeAlert.GOES_ON);
    known.addAll(alerts(3, SurgeAlert.WITHDRAWN));

    List<KnownAlert> shown = SurgeSearch.shown(known, List.of());

    assertThat(shown).hasSize(50);
    assertThat(shown.subList(0, 3)).allMatch(KnownAlert::isNews);
  }

  @Test
  void headlinesAreLookedForOfTheFirst() {
    List<KnownAlert> shown = SurgeSearch.shown(alerts(60, SurgeAlert.RAISED), List.of());

    assertThat(new SurgeSearch.Result(shown, shown, List.of(), Map.of()).headlined())
        .isEqualTo(shown.subList(0, 50));
  }

  private static List<KnownAlert> alerts(int number, String change) {
    List<KnownAlert> alerts = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Judgement judgement =
          new Judgement(
              "entity:" + change + i, DAY, 30, 10, 20, 1e-3, 1, Method.RECENT, Outcome.SURGE, "");
      Episode episode =
          new Episode(judgement.series(), DAY, DAY, false, Severity.WARNING, judgement);
      alerts.add(
          new KnownAlert(
              KnownAlert.id(episode),
              episode,
              List.of(new Alert(judgement, 0.01, Severity.WARNING, List.of())),
              change,
              "2026-01-01.1"));
    }
    return alerts;
  }
}
