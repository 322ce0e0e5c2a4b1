package io.attune.neural.averaging.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundPlanTest {

  @Property
  void givesEveryUnitToExactlyOneWorkerInExactlyOneRound(
      @ForAll @LongRange(min = 0, max = 3_000) long units,
      @ForAll @IntRange(min = 1, max = 40) int workers,
      @ForAll @IntRange(min = 1, max = 200) int perRound) {
    RoundPlan plan = RoundPlan.even(units, workers, perRound);

    int[] given = new int[(int) units];
    for (int round = 0; round < plan.rounds(); round++) {
      long inRound = 0;
      for (int worker = 0; worker < workers; worker++) {
        long size = plan.to(round, worker) - plan.from(round, worker);
        assertThat(size).isBetween(0L, (long) perRound);
        inRound += size;
        for (long unit = plan.from(round, worker); unit < plan.to(round, worker); unit++) {
          given[(int) unit]++;
        }
      }
      assertThat(plan.unitsIn(round)).isEqualTo(inRound).isPositive();
    }
    assertThat(given).containsOnly(units == 0 ? new int[0] : new int[] {1});
  }

  @Property
  void leavesNoSmallRemainderToTheLastRound(
      @ForAll @LongRange(min = 1, max = 100_000) long units,
      @ForAll @IntRange(min = 1, max = 16) int workers,
      @ForAll @IntRange(min = 1, max = 640) int perRound) {
    RoundPlan plan = RoundPlan.even(units, workers, perRound);

    for (int worker = 0; worker < workers; worker++) {
      long smallest = Long.MAX_VALUE;
      long largest = 0;
      for (int round = 0; round < plan.rounds(); round++) {
        long size = plan.to(round, worker) - plan.from(round, worker);
        smallest = Math.min(smallest, size);
        largest = Math.max(largest, size);
      }
      assertThat(largest - smallest).isLessThanOrEqualTo(1);
    }
  }

  @Property
  void warmsUpWithRoundsOfOneStepAndLosesNoUnit(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 0, max = 60) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 4) int perStep,
      @ForAll @IntRange(min = 1, max = 6) int steps,
      @ForAll @IntRange(min = 0, max = 20) int warmUp) {
    RoundPlan plan =
        RoundPlan.partitioned(sizes, new RoundPlan.BatchSchedule(perStep, steps, warmUp));

    for (int worker = 0; worker < sizes.size(); worker++) {
      long next = plan.bounds().get(worker);
      for (int round = 0; round < plan.rounds(); round++) {
        long size = plan.to(round, worker) - plan.from(round, worker);
        assertThat(plan.from(round, worker)).isEqualTo(next);
        assertThat(size).isBetween(0L, (long) perStep * (round < warmUp ? 1 : steps));
        next += size;
      }
      assertThat(next).isEqualTo(plan.end(worker));
    }
    for (int round = 0; round < plan.rounds(); round++) {
      assertThat(plan.unitsIn(round)).isPositive();
    }
  }

  @Property
  void leavesUnitsInTheirPartitions(
      @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 0, max = 50) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 7) int perRound) {
    RoundPlan plan = RoundPlan.partitioned(sizes, new RoundPlan.BatchSchedule(1, perRound, 0));

    long start = 0;
    for (int worker = 0; worker < sizes.size(); worker++) {
      long next = start;
      for (int round = 0; round < plan.rounds(); round++) {
        assertThat(plan.from(round, worker)).isEqualTo(next);
        next = plan.to(round, worker);
        assertThat(next - plan.from(round, worker)).isLessThanOrEqualTo(perRound);
      }
      start += sizes.get(worker);
      assertThat(next).isEqualTo(plan.rounds() == 0 ? 0 : start);
    }
  }

  @Property
  void anEpochGoesOnWithOtherWorkersWithoutLosingOrRepeatingARow(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 90) Integer> shards,
      @ForAll @IntRange(min = 1, max = 9) int before,
      @ForAll @IntRange(min = 1, max = 9) int after,
      @ForAll @IntRange(min = 0, max = 12) int madeAtMost) {
    List<RowRange> ranges = new ArrayList<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      ranges.add(new RowRange("shard-" + shard, 0, shards.get(shard), 7));
    }
    RowSequence line = new RowSequence(ranges);
    RoundPlan first = RoundPlan.even(line.rows(), before, 5);
    int made = Math.min(madeAtMost, first.rounds());
    RowSequence left = line.after(first, made);
    RoundPlan second = RoundPlan.even(left.rows(), after, 5);

    List<String> trained = new ArrayList<>();
    addRows(trained, line, first, made);
    addRows(trained, left, second, second.rounds());

    assertThat(trained).doesNotHaveDuplicates().hasSize((int) line.rows());
  }

  private static void addRows(List<String> trained, RowSequence line, RoundPlan plan, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (int worker = 0; worker < plan.workers(); worker++) {
        for (RowRange range : line.slice(plan.from(round, worker), plan.to(round, worker))) {
          for (long row = range.from(); row < range.to(); row++) {
            trained.add(range.file() + "#" + row);
          }
        }
      }
    }
  }

  @Test
  void countsBeyondTheIntegers() {
    RoundPlan plan = RoundPlan.even(1L << 40, 1000, 1 << 20);

    assertThat(plan.from(plan.rounds(), 999)).isEqualTo(1L << 40);
    assertThat(plan.rounds()).isEqualTo((int) Math.ceil((1L << 40) / 1000.0 / (1 << 20)));
  }
}
