package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import java.io.Serializable;
import java.time.LocalDate;

/**
 * Names days of a series that raise no alarm and that nothing is learnt from.
 *
 * @param series the name of one, or {@link #EVERY}
 * @param from the first day, included
 * @param to the last day, included
 * @param reason why, for the reader of a report
 */
public record Mask(String series, LocalDate from, LocalDate to, String reason)
    implements Serializable {
  /** Stands for all series. */
  public static final String EVERY = "*";

  public Mask {
    require(!series.isBlank(), "a mask must name a series, or * for all");
    require(
        !to.isBefore(from), "the mask of '%s' ends on %s, before its start %s", series, to, from);
  }

  boolean covers(String name, LocalDate day) {
    return isOf(name) && !day.isBefore(from) && !day.isAfter(to);
  }

  boolean isOf(String name) {
    return series.equals(EVERY) || series.equals(name);
  }
}
