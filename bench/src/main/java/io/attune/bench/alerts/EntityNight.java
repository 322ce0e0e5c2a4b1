package io.attune.bench.alerts;

import com.sun.management.OperatingSystemMXBean;
import io.attune.pipeline.surge.CountOptions;
import io.attune.pipeline.surge.CountSurges;
import io.attune.pipeline.surge.DailySeries;
import io.attune.pipeline.surge.Judgement;
import io.attune.pipeline.surge.alert.Alert;
import io.attune.pipeline.surge.alert.AlertOptions;
import io.attune.pipeline.surge.alert.NightAlerts;
import io.attune.pipeline.surge.alert.Node;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Measures a night of many entities with five years of history each. Their means go from one
 * document in a hundred days to ten a day; on the last day all of them are three times as high.
 *
 * @param seconds of processors, for all judgements
 * @param alertSeconds for the alerts
 * @param surges entities above their limits
 */
record EntityNight(
    int entities, double seconds, double alertSeconds, long surges, List<Alert> alerts) {
  private static final int DAYS = 5 * 365 + 60;
  private static final LocalDate FIRST = LocalDate.of(2001, 1, 1);

  static EntityNight of(int entities, long seed) {
    List<DailySeries> series =
        IntStream.range(0, entities)
            .mapToObj(number -> entity(number, new SplittableRandom(seed * 31 + number)))
            .toList();
    long[] total = new long[DAYS];
    for (DailySeries entity : series) {
      for (int day = 0; day < DAYS; day++) {
        total[day] += entity.count(FIRST.plusDays(day));
      }
    }
    LocalDate night = FIRST.plusDays(DAYS - 1L);
    CountSurges surges = CountSurges.by(CountOptions.DEFAULTS);
    long started = processorTime();
    List<Judgement> judgements =
        new ArrayList<>(
            series.parallelStream().map(entity -> surges.judge(entity, night)).toList());
    double seconds = (processorTime() - started) / 1e9;
    judgements.add(surges.judge(DailySeries.of("market", FIRST, total), night));
    List<Node> nodes =
        series.stream()
            .map(entity -> new Node(entity.name(), "entity", List.of("market")))
            .toList();
    started = processorTime();
    List<Alert> alerts = NightAlerts.of(judgements, nodes, AlertOptions.DEFAULTS);
    return new EntityNight(
        entities,
        seconds,
        (processorTime() - started) / 1e9,
        judgements.stream().filter(Judgement::isSurge).count(),
        alerts);
  }

  /** Returns the time of all processors so far, which other work on the machine does not change. */
  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static DailySeries entity(int number, SplittableRandom random) {
    double mean = Math.pow(10, -2 + 3 * random.nextDouble());
    long[] counts = new long[DAYS];
    for (int day = 0; day < DAYS; day++) {
      counts[day] = poisson(day == DAYS - 1 ? 3 * mean : mean, random);
    }
    return DailySeries.of("entity:" + number, FIRST, counts);
  }

  /** Multiplies uniform numbers (Knuth 1969, 3.4.1): means are small. */
  private static long poisson(double mean, SplittableRandom random) {
    double least = Math.exp(-mean);
    long count = -1;
    for (double product = 1; product > least; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%nA night of %,d entities with five years of history: %.1f core-seconds of judgements,"
            + " %.2f of alerts; all three times as high: %,d above their limits, %,d alerts%n",
        entities,
        seconds,
        alertSeconds,
        surges,
        alerts.size());
    out.flush();
  }
}
