package io.attune.pipeline.stage.monitor;

import io.attune.pipeline.surge.Masks;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.Episode;
import io.attune.pipeline.surge.alert.Episodes;
import io.attune.pipeline.surge.alert.Episodes.Change;
import io.attune.pipeline.surge.alert.Episodes.Kind;
import io.attune.schemas.report.SurgeAlert;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the alerts of earlier nights up to date with what a night has found.
 *
 * @param since the first day that the night judged
 * @param today the last one
 * @param masks days that raise no alert; an annotation may mask days that are judged no more
 */
record AlertBook(Episodes episodes, LocalDate since, LocalDate today, Masks masks) {
  /** Days after which an alert is forgotten. */
  private static final int REMEMBERED = 120;

  /**
   * Returns the alerts of the last months: those that are new or changed, those that go on, those
   * that ended, and those withdrawn.
   *
   * @param earlier as the night before left them
   * @param found alerts of days from {@code since} to {@code today}
   * @param model in use
   */
  List<KnownAlert> update(List<KnownAlert> earlier, List<Alert> found, String model) {
    List<KnownAlert> standing =
        earlier.stream()
            .filter(known -> !known.change().equals(SurgeAlert.WITHDRAWN))
            .filter(known -> !known.episode().to().isBefore(today.minusDays(REMEMBERED)))
            .toList();
    List<Alert> days = new ArrayList<>(found);
    for (KnownAlert known : standing) {
      known.days().stream().filter(this::isKept).forEach(days::add);
    }
    List<Episode> now = episodes.of(days, today);
    List<Episode> before = standing.stream().map(KnownAlert::episode).toList();
    Map<Episode, Kind> changes = changes(before, now);
    List<KnownAlert> all = new ArrayList<>();
    for (Episode episode : now) {
      Optional<KnownAlert> was =
          standing.stream().filter(known -> isSame(known.episode(), episode)).findFirst();
      all.add(
          new KnownAlert(
              was.map(KnownAlert::id).orElseGet(() -> KnownAlert.id(episode)),
              episode,
              of(episode, days),
              change(changes.get(episode), was, episode),
              was.map(KnownAlert::model).orElse(model)));
    }
    for (KnownAlert known : standing) {
      if (changes.get(known.episode()) == Kind.WITHDRAWN) {
        all.add(
            new KnownAlert(
                known.id(), known.episode(), known.days(), SurgeAlert.WITHDRAWN, known.model()));
      }
    }
    return unique(all);
  }

  /** Returns whether a day counts as an earlier night judged it. */
  private boolean isKept(Alert alert) {
    LocalDate day = alert.judgement().day();
    String series = SeriesKey.parse(alert.series()).series();
    return day.isBefore(since) && masks.covering(series, day).isEmpty();
  }

  private static Map<Episode, Kind> changes(List<Episode> before, List<Episode> now) {
    Map<Episode, Kind> changes = new HashMap<>();
    for (Change change : Episodes.changes(before, now)) {
      // One that worsened and has ended is told of as worse.
      changes.putIfAbsent(change.episode(), change.kind());
    }
    return changes;
  }

  private static boolean isSame(Episode was, Episode now) {
    return was.series().equals(now.series())
        && !was.from().isAfter(now.to())
        && !now.from().isAfter(was.to());
  }

  private static String change(Kind kind, Optional<KnownAlert> was, Episode episode) {
    if (kind == Kind.RAISED) {
      return SurgeAlert.RAISED;
    }
    if (kind == Kind.WORSENED) {
      return SurgeAlert.WORSENED;
    }
    return episode.isEnded() && (kind == Kind.ENDED || was.isPresent())
        ? SurgeAlert.ENDED
        : SurgeAlert.GOES_ON;
  }

  private static List<Alert> of(Episode episode, List<Alert> days) {
    return days.stream()
        .filter(day -> day.series().equals(episode.series()))
        .filter(day -> !day.judgement().day().isBefore(episode.from()))
        .filter(day -> !day.judgement().day().isAfter(episode.to()))
        .sorted(Comparator.comparing(day -> day.judgement().day()))
        .toList();
  }

  /** Keeps the first of those with one id: a late document may tear an alert in two. */
  private static List<KnownAlert> unique(List<KnownAlert> all) {
    Map<String, KnownAlert> byId = new LinkedHashMap<>();
    for (KnownAlert known : all) {
      KnownAlert torn = byId.putIfAbsent(known.id(), known);
      if (torn != null && !known.change().equals(SurgeAlert.WITHDRAWN)) {
        byId.putIfAbsent(KnownAlert.id(known.episode()), known);
      }
    }
    return byId.entrySet().stream()
        .map(
            entry ->
                new KnownAlert(
                    entry.getKey(),
                    entry.getValue().episode(),
                    entry.getValue().days(),
                    entry.getValue().change(),
                    entry.getValue().model()))
        .toList();
  }
}
