package io.attune.pipeline.surge;

import static io.attune.schemas.Requirements.require;

import java.util.Arrays;

/**
 * Divides the years before a day into levels (Noufaily et al. 2013, 3.2, as R's {@code
 * farringtonFlexible} does it): the window around the same date of each year, which the day shares,
 * is the last level; the time between two windows is divided into levels of equal length, and what
 * remains of the division is shared by the first of them.
 */
final class YearLevels {
  private YearLevels() {}

  /**
   * Returns the level of each row up to the last reference, and -1 for rows that belong to none.
   *
   * @param references the row to judge, then the same date of earlier years, latest first
   */
  static int[] of(int[] references, int halfWindow, int levels) {
    int now = references[0];
    int[] level = new int[now + 1];
    Arrays.fill(level, -1);
    Arrays.fill(level, Math.max(0, now - halfWindow), now + 1, levels - 1);
    for (int year = 1; year < references.length; year++) {
      int reference = references[year];
      Arrays.fill(level, reference - halfWindow, reference + halfWindow + 1, levels - 1);
      int between = references[year - 1] - reference - 2 * halfWindow - 1;
      require(
          levels == 1 || between >= levels - 1,
          "%d rows between two windows cannot be divided into %d levels",
          between,
          levels - 1);
      int from = reference + halfWindow + 1;
      for (int part = 0; part < levels - 1; part++) {
        int length = between / (levels - 1) + (part < between % (levels - 1) ? 1 : 0);
        Arrays.fill(level, from, from + length, part);
        from += length;
      }
    }
    return level;
  }
}
