package io.attune.pipeline.copies;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Groups documents around kept ones. In the order of their numbers each document joins the first
 * centre that it is similar to, or becomes a centre: every member is similar to its centre, and
 * similarity to a member counts for nothing, so that no chain forms.
 */
final class Stars {
  private Stars() {}

  /**
   * Holds a pair that was found similar.
   *
   * @param first the smaller number
   */
  record Pair(long first, long second, double similarity) {}

  /** Holds the centre that a document joined. */
  record Joined(long centre, double similarity) {}

  /**
   * Returns the centre of each document that is none itself.
   *
   * @param pairs similar ones
   * @param taken documents that belong to centres of earlier nights, so that they are no centres
   */
  static Map<Long, Joined> of(List<Pair> pairs, Set<Long> taken) {
    List<Pair> inOrder = new ArrayList<>(pairs);
    inOrder.sort(Comparator.comparingLong(Pair::second).thenComparingLong(Pair::first));
    Map<Long, Joined> joined = new HashMap<>();
    Set<Long> members = new HashSet<>(taken);
    for (Pair pair : inOrder) {
      // All pairs with smaller second numbers are done: whether the first is a centre is decided.
      if (!members.contains(pair.first()) && !members.contains(pair.second())) {
        joined.put(pair.second(), new Joined(pair.first(), pair.similarity()));
        members.add(pair.second());
      }
    }
    return joined;
  }
}
