package io.attune.bench.alerts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holds the measures of Noufaily et al. 2019 (2.4) for one method and limit.
 *
 * @param sensitivity alarms among the days of outbreaks
 * @param specificity days without an alarm among the other days
 * @param detection outbreaks with an alarm on one of their days
 * @param days mean days from the start of an outbreak to its first alarm, of those detected; 0 is
 *     the day on which it begins
 */
record Performance(double sensitivity, double specificity, double detection, double days) {

  /** Measures alarms above a limit. */
  static Performance of(List<Track> tracks, double limit) {
    long outbreakDays = 0;
    long alarmedOutbreakDays = 0;
    long otherDays = 0;
    long alarmedOtherDays = 0;
    long detected = 0;
    long delay = 0;
    for (Track track : tracks) {
      for (int day = 0; day < track.scores().days(); day++) {
        double score = track.scores().at(day);
        if (!Double.isNaN(score)) {
          boolean isAlarm = score > limit;
          if (track.isOutbreak(day)) {
            outbreakDays++;
            alarmedOutbreakDays += isAlarm ? 1 : 0;
          } else {
            otherDays++;
            alarmedOtherDays += isAlarm ? 1 : 0;
          }
        }
      }
      int days = track.daysToDetection(limit);
      if (days >= 0) {
        detected++;
        delay += days;
      }
    }
    return new Performance(
        (double) alarmedOutbreakDays / outbreakDays,
        1 - (double) alarmedOtherDays / otherDays,
        (double) detected / tracks.size(),
        (double) delay / detected);
  }

  /** Returns the limit above which no more than a fraction of the days without outbreak lie. */
  static double limitAt(List<Track> tracks, double specificity) {
    double[] scores =
        tracks.stream()
            .flatMapToDouble(
                track ->
                    IntStream.range(0, track.scores().days())
                        .filter(day -> !track.isOutbreak(day))
                        .mapToDouble(day -> track.scores().at(day)))
            .filter(score -> !Double.isNaN(score))
            .toArray();
    Arrays.sort(scores);
    int above = (int) Math.floor((1 - specificity) * scores.length);
    return scores[Math.max(0, scores.length - 1 - above)];
  }
}
