package io.attune.bench.layers;

import io.attune.bench.layers.Contender.StepTime;
import java.util.List;

/**
 * Lets contenders take steps in turn, round after round, so that other load on the machine affects
 * all equally.
 *
 * @param seconds of a contender in a round, at least
 */
record Rounds(int count, double seconds) {
  private static final double WARM_UP_SECONDS = 6;

  /**
   * Measures contenders.
   *
   * @param batches a round goes through all of them, since they differ
   * @param before what each round starts with
   */
  List<ContenderTimes> measure(List<Contender> contenders, int batches, Runnable before) {
    List<ContenderTimes> measurements =
        contenders.stream().map(contender -> new ContenderTimes(contender.name())).toList();
    int[] steps = contenders.stream().mapToInt(contender -> warmUp(contender, batches)).toArray();
    for (int round = 0; round < count; round++) {
      before.run();
      for (int i = 0; i < steps.length; i++) {
        measurements.get(i).add(contenders.get(i).run(steps[i]).perStep(steps[i]));
      }
    }
    return measurements;
  }

  /**
   * Runs a contender until its code is compiled.
   *
   * @return the steps of a round
   */
  private int warmUp(Contender contender, int batches) {
    double spent = 0;
    StepTime took = new StepTime(0, 0);
    for (int run = 0; run < 10 && (run < 2 || spent < WARM_UP_SECONDS); run++) {
      took = contender.run(batches).perStep(batches);
      spent += took.seconds() * batches;
    }
    return batches * (int) Math.max(1, Math.ceil(seconds / took.seconds() / batches));
  }
}
