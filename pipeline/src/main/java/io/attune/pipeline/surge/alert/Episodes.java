package io.attune.pipeline.surge.alert;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.surge.Judgement;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the alerts of many nights to episodes, and tells what changed since an earlier night.
 *
 * @param quietDays an episode ends when so many days without an alert follow
 * @param cooldownDays an alert within so many days after the end continues the episode, unless it
 *     is more severe
 */
public record Episodes(int quietDays, int cooldownDays) implements Serializable {
  public static final Episodes DEFAULTS = new Episodes(3, 7);

  public Episodes {
    require(quietDays >= 1, "an episode must end after at least 1 quiet day, got %d", quietDays);
    require(cooldownDays >= 0, "the cooldown must be at least 0 days, got %d", cooldownDays);
  }

  /** Says what happened to an episode. */
  public enum Kind {
    /** It is new. */
    RAISED,
    /** It is more severe than it was. */
    WORSENED,
    /** It is over. */
    ENDED,
    /** It is raised no more by what is known now, for late documents or an annotation. */
    WITHDRAWN
  }

  /** Tells one change; {@code episode} is as it is now, or as it was if it was withdrawn. */
  public record Change(Kind kind, Episode episode) implements Serializable {}

  /**
   * Returns the episodes of alerts, by series and day; the order of the alerts does not matter.
   *
   * @param today the last day that was judged
   */
  public List<Episode> of(Collection<Alert> alerts, LocalDate today) {
    Map<String, List<Episode>> bySeries = new HashMap<>();
    alerts.stream()
        .sorted(Comparator.comparing(alert -> alert.judgement().day()))
        .forEach(
            alert ->
                append(bySeries.computeIfAbsent(alert.series(), name -> new ArrayList<>()), alert));
    return bySeries.values().stream()
        .flatMap(List::stream)
        .map(episode -> closed(episode, today))
        .sorted(Comparator.comparing(Episode::from).thenComparing(Episode::series))
        .toList();
  }

  private void append(List<Episode> episodes, Alert alert) {
    Judgement judgement = alert.judgement();
    Episode last = episodes.isEmpty() ? null : episodes.get(episodes.size() - 1);
    if (last != null && continues(last, alert)) {
      boolean isPeak = judgement.score() > last.peak().score();
      episodes.set(
          episodes.size() - 1,
          new Episode(
              last.series(),
              last.from(),
              judgement.day(),
              false,
              alert.severity().compareTo(last.severity()) > 0 ? alert.severity() : last.severity(),
              isPeak ? judgement : last.peak()));
    } else {
      episodes.add(
          new Episode(
              alert.series(),
              judgement.day(),
              judgement.day(),
              false,
              alert.severity(),
              judgement));
    }
  }

  private boolean continues(Episode last, Alert alert) {
    long quiet = alert.judgement().day().toEpochDay() - last.to().toEpochDay() - 1;
    return quiet < quietDays
        || (quiet < quietDays + cooldownDays && alert.severity().compareTo(last.severity()) <= 0);
  }

  private Episode closed(Episode episode, LocalDate today) {
    return new Episode(
        episode.series(),
        episode.from(),
        episode.to(),
        today.toEpochDay() - episode.to().toEpochDay() >= quietDays,
        episode.severity(),
        episode.peak());
  }

  /**
   * Compares the episodes of tonight with those of an earlier night.
   *
   * @param tonight with those of days that tonight did not judge, as far as they still count
   */
  public static List<Change> changes(Collection<Episode> earlier, Collection<Episode> tonight) {
    List<Change> changes = new ArrayList<>();
    for (Episode now : tonight) {
      List<Episode> before = earlier.stream().filter(now::touches).toList();
      if (before.isEmpty()) {
        changes.add(new Change(Kind.RAISED, now));
      } else if (before.stream().allMatch(was -> was.severity().compareTo(now.severity()) < 0)) {
        changes.add(new Change(Kind.WORSENED, now));
      }
      if (now.isEnded() && before.stream().noneMatch(Episode::isEnded)) {
        changes.add(new Change(Kind.ENDED, now));
      }
    }
    for (Episode was : earlier) {
      if (tonight.stream().noneMatch(was::touches)) {
        changes.add(new Change(Kind.WITHDRAWN, was));
      }
    }
    return changes;
  }
}
