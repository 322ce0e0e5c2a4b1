package io.attune.pipeline.surge;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Set;

/**
 * Holds days on which less, or more, is written than on their weekday: market holidays. The day
 * after one has a level of its own, since what waited is written then.
 */
public record Holidays(Set<LocalDate> days) implements Serializable {
  public static final Holidays NONE = new Holidays(Set.of());

  /** Levels of a day: plain, a holiday, the day after one. */
  static final int LEVELS = 3;

  public Holidays {
    days = Set.copyOf(days);
  }

  int level(LocalDate day) {
    if (days.contains(day)) {
      return 1;
    }
    return days.contains(day.minusDays(1)) ? 2 : 0;
  }
}
