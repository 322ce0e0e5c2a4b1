package io.attune.pipeline.surge.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.Method;
import io.attune.pipeline.surge.Outcome;
import io.attune.pipeline.surge.alert.Episodes.Change;
import io.attune.pipeline.surge.alert.Episodes.Kind;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpisodesTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
  private static final Episodes EPISODES = Episodes.DEFAULTS; // 3 quiet days, 7 of cooldown

  private static Alert alert(int day, long seen) {
    Judgement judgement =
        new Judgement(
            "a", DAY.plusDays(day), seen, 10, 20, 0.001, 1, Method.SEASONAL, Outcome.SURGE, "");
    return new Alert(judgement, 0.01, Severity.of(judgement), List.of());
  }

  @Test
  void alertsCloseToEachOtherAreOneEpisodeWithItsPeak() {
    List<Episode> episodes =
        EPISODES.of(List.of(alert(3, 24), alert(0, 22), alert(1, 45)), DAY.plusDays(5));

    assertThat(episodes).hasSize(1);
    Episode episode = episodes.get(0);
    assertThat(episode.from()).isEqualTo(DAY);
    assertThat(episode.to()).isEqualTo(DAY.plusDays(3));
    assertThat(episode.isEnded()).isFalse();
    assertThat(episode.severity()).isEqualTo(Severity.SEVERE);
    assertThat(episode.peak().seen()).isEqualTo(45);
  }

  @Test
  void aSurgeOfASeriesThatIsHardlyEverSeenIsSevereAndItsHighestDayIsThePeak() {
    List<Alert> days = List.of(rare(0, 8), rare(1, 30), rare(2, 12));

    Episode episode = EPISODES.of(days, DAY.plusDays(2)).get(0);

    assertThat(days).extracting(Alert::severity).containsOnly(Severity.SEVERE);
    assertThat(episode.peak().seen()).isEqualTo(30);
  }

  private static Alert rare(int day, long seen) {
    Judgement judgement =
        new Judgement(
            "a", DAY.plusDays(day), seen, 0.003, 0, 1e-20, 1, Method.RECENT, Outcome.SURGE, "");
    return new Alert(judgement, 0.01, Severity.of(judgement), List.of());
  }

  @Test
  void endsAfterQuietDays() {
    List<Alert> alerts = List.of(alert(0, 24));

    assertThat(EPISODES.of(alerts, DAY.plusDays(2)).get(0).isEnded()).isFalse();
    assertThat(EPISODES.of(alerts, DAY.plusDays(3)).get(0).isEnded()).isTrue();
  }

  @Test
  void inTheCooldownOnlySomethingMoreSevereIsNew() {
    LocalDate today = DAY.plusDays(30);

    assertThat(EPISODES.of(List.of(alert(0, 24), alert(8, 24)), today)).hasSize(1);
    assertThat(EPISODES.of(List.of(alert(0, 24), alert(8, 60)), today)).hasSize(2);
    assertThat(EPISODES.of(List.of(alert(0, 24), alert(11, 24)), today)).hasSize(2);
  }

  @Test
  void tellsWhatChanged() {
    List<Episode> first = EPISODES.of(List.of(alert(0, 24)), DAY);
    List<Episode> worse = EPISODES.of(List.of(alert(0, 24), alert(1, 60)), DAY.plusDays(1));
    List<Episode> over = EPISODES.of(List.of(alert(0, 24), alert(1, 60)), DAY.plusDays(4));

    assertThat(Episodes.changes(List.of(), first))
        .containsExactly(new Change(Kind.RAISED, first.get(0)));
    assertThat(Episodes.changes(first, first)).isEmpty();
    assertThat(Episodes.changes(first, worse))
        .containsExactly(new Change(Kind.WORSENED, worse.get(0)));
    assertThat(Episodes.changes(worse, over)).containsExactly(new Change(Kind.ENDED, over.get(0)));
    assertThat(Episodes.changes(over, over)).isEmpty();
  }

  @Test
  void whatALateDocumentUndidIsWithdrawn() {
    List<Episode> first = EPISODES.of(List.of(alert(0, 24)), DAY);

    assertThat(Episodes.changes(first, List.of()))
        .containsExactly(new Change(Kind.WITHDRAWN, first.get(0)));
  }
}
