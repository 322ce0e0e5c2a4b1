package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Episode;
import io.attune.schemas.Sha256;
import io.attune.schemas.report.SurgeAlert;
import java.util.List;
import java.util.Set;

/**
 * Holds an alert as a night knows it.
 *
 * @param id the same in every night
 * @param days the days above the limit, in order; those of an alert that was withdrawn as they were
 * @param change what happened to it in the night, as in {@link SurgeAlert#change}
 * @param model whose answers were counted
 */
record KnownAlert(String id, Episode episode, List<Alert> days, String change, String model) {
  private static final int ID_LENGTH = 12;
  private static final Set<String> NEWS =
      Set.of(SurgeAlert.RAISED, SurgeAlert.WORSENED, SurgeAlert.WITHDRAWN);

  KnownAlert {
    days = List.copyOf(days);
  }

  /** Returns the id of an alert that is new: of its series and its first day. */
  static String id(Episode episode) {
    return Sha256.of(episode.series() + "\n" + episode.from()).substring(0, ID_LENGTH);
  }

  /** Returns whether a reader who knew of it the night before is to be told of it. */
  boolean isNews() {
    return NEWS.contains(change);
  }

  String series() {
    return episode.series();
  }

  /** Returns the day of the peak. */
  Alert peak() {
    return days.stream()
        .filter(day -> day.judgement().day().equals(episode.peak().day()))
        .findFirst()
        .orElse(days.get(0));
  }
}
