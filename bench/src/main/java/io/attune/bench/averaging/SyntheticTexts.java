package io.attune.bench.averaging;

import io.attune.bench.layers.BenchCase;
import java.util.SplittableRandom;

/**
 * Generates rows with a planted signal: random words, some of which indicate the class; a tenth of
 * the labels are wrong. A row depends on its number only.
 *
 * @param tokens of the longest row; a row has at least half of them
 */
record SyntheticTexts(int tokens) implements NumberedRows {
  private static final long serialVersionUID = 1;
  private static final long SEED = 0x5EED;
  private static final int TELLING = 20;
  private static final double TELLING_FRACTION = 0.15;
  private static final double WRONG_FRACTION = 0.1;

  @Override
  public Row row(long number) {
    SplittableRandom random = new SplittableRandom(SEED + number * 0x9E3779B97F4A7C15L);
    int kind = random.nextInt(BenchCase.CLASSES);
    int[] ids = new int[tokens / 2 + random.nextInt(tokens - tokens / 2 + 1)];
    for (int column = 0; column < ids.length; column++) {
      ids[column] = word(kind, random);
    }
    boolean wrong = random.nextDouble() < WRONG_FRACTION;
    return new Row(ids, wrong ? random.nextInt(BenchCase.CLASSES) : kind);
  }

  private static int word(int kind, SplittableRandom random) {
    int telling = BenchCase.CLASSES * TELLING;
    return random.nextDouble() < TELLING_FRACTION
        ? kind * TELLING + random.nextInt(TELLING)
        : telling + random.nextInt(BenchCase.VOCABULARY - telling);
  }
}
