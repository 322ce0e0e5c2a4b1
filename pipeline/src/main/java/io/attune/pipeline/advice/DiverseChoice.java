package io.attune.pipeline.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses texts that are uncertain and unlike each other, one after the other: the next is that of
 * the greatest uncertainty times distance from the nearest one chosen. It is the traversal of k
 * centres (Gonzalez 1985) with points that weigh as much as they are uncertain, as BADGE (Ash et
 * al. 2020) weighs directions by the gradient; of equals the first counts, so nothing is drawn.
 */
final class DiverseChoice {
  /** Sets the distance below which a text is a copy of one that was chosen. */
  private static final double COPY = 0.1;

  private DiverseChoice() {}

  /** Says how alike two texts are, in [0, 1]: 1 for copies. */
  interface Likeness {
    double of(int one, int other);
  }

  /**
   * Returns the places of the chosen, in the order of choice; fewer than wanted if the others are
   * copies of them.
   *
   * @param uncertainty of each text, at least 0
   */
  static List<Integer> of(double[] uncertainty, Likeness likeness, int wanted) {
    double[] distance = new double[uncertainty.length];
    Arrays.fill(distance, 1);
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < wanted) {
      int next = -1;
      for (int i = 0; i < distance.length; i++) {
        boolean isBetter =
            next < 0 || uncertainty[i] * distance[i] > uncertainty[next] * distance[next];
        next = distance[i] >= COPY && isBetter ? i : next;
      }
      if (next < 0) {
        return chosen;
      }
      chosen.add(next);
      for (int i = 0; i < distance.length; i++) {
        if (distance[i] >= COPY) {
          distance[i] = Math.min(distance[i], i == next ? 0 : 1 - likeness.of(next, i));
        }
      }
    }
    return chosen;
  }
}
