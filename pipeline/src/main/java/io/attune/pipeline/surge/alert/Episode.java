package io.attune.pipeline.surge.alert;

import io.attune.pipeline.surge.Judgement;
import java.io.Serializable;
import java.time.LocalDate;

/**
 * Joins alerts of a series that belong together.
 *
 * @param from the day of its first alert
 * @param to the day of its last alert
 * @param isEnded whether enough quiet days followed
 * @param severity the highest of its alerts
 * @param peak the judgement with the highest score
 */
public record Episode(
    String series, LocalDate from, LocalDate to, boolean isEnded, Severity severity, Judgement peak)
    implements Serializable {

  boolean touches(Episode other) {
    return series.equals(other.series) && !from.isAfter(other.to) && !other.from.isAfter(to);
  }
}
