package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.plan.Seeds;
import io.attune.pipeline.storage.Run;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Describes one of the networks of a model, which differ in their seed alone.
 *
 * @param number from 1
 * @param count networks of the model
 * @param folder that holds its checkpoints and metrics: the run's own for the first
 * @param spec with its seed
 * @param plan with its seed
 */
record Member(int number, int count, String folder, TrainingSpec spec, NetworkPlan plan) {
  /** Makes seeds short, and exact in every reader of JSON. */
  private static final int SEED_BITS = 31;

  /** Returns the networks in the order in which they are trained. */
  static List<Member> of(Run run, TrainingSpec spec, NetworkPlan plan) {
    int count = spec.train().seeds();
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            number -> {
              long seed = seed(spec.train().seed(), number);
              return new Member(
                  number,
                  count,
                  Train.folder(run, number),
                  spec.withSeed(seed),
                  plan.withSeed(seed));
            })
        .toList();
  }

  /** Returns the seed of a network; the first has that of the configuration. */
  static long seed(long configured, int number) {
    return number == 1 ? configured : Seeds.mix(configured, number) >>> (Long.SIZE - SEED_BITS);
  }

  long seed() {
    return spec.train().seed();
  }

  /** Returns the start of a line about it, such as {@code network 2 of 3, }; empty for the only. */
  String note() {
    return count == 1 ? "" : "network %d of %d, ".formatted(number, count);
  }
}
