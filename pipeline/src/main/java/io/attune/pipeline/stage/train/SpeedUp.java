package io.attune.pipeline.stage.train;

import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.Totals;
import java.util.List;
import java.util.Locale;

/** Describes what several workers gained over one, and what it cost. */
final class SpeedUp {
  private SpeedUp() {}

  /**
   * Returns a clause to follow others, such as {@code ; 2 workers were at most 1.9 times as fast as
   * 1 (2 at a time, computing 95 % of the time); averaging took 4 %, reading 1 %}.
   *
   * <p>The bound is the time that workers computed, summed over those that compute at once, over
   * the time by the clock: one worker alone would have had to do it all. Alone it would compute
   * faster, with memory and spare cores to itself: on the demo, where the bound is 1.7, runs side
   * by side show 1.3 to 1.4. It is left out where there is one worker, or where a training was
   * resumed with another number.
   *
   * @param slots tasks that run at a time
   */
  static String of(Totals total, List<Ledger.Entry> rounds, int slots) {
    double computing = total.computingFraction();
    String cost =
        String.format(
            Locale.ROOT,
            "averaging took %.0f %%, reading %.0f %%",
            100 * total.averagingFraction(),
            100 * total.readingFraction());
    int workers = rounds.isEmpty() ? 1 : rounds.get(0).workers();
    boolean same = rounds.stream().allMatch(round -> round.workers() == workers);
    if (workers == 1 || !same) {
      return "; " + cost + " of the time";
    }
    int atOnce = Math.min(workers, slots);
    return String.format(
        Locale.ROOT,
        "; %d workers were at most %.1f times as fast as 1 (%d at a time, computing %.0f %% of"
            + " the time); %s",
        workers,
        atOnce * computing,
        atOnce,
        100 * computing,
        cost);
  }
}
