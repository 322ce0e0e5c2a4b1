package io.attune.neural.averaging.plan;

/** Derives the seed of a part from the seed of the whole. */
public final class Seeds {
  private Seeds() {}

  /**
   * Returns a seed that is statistically independent of that of any other part.
   *
   * @param parts such as epoch, round and worker
   */
  public static long mix(long seed, long... parts) {
    long mixed = scramble(seed);
    for (long part : parts) {
      mixed = scramble(mixed ^ scramble(part + 0x632BE59BD9B4E019L));
    }
    return mixed;
  }

  /** Applies SplitMix64's output function (Steele, Lea and Flood 2014, figure 8). */
  private static long scramble(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
