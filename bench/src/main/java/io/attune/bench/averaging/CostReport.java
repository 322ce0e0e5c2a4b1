package io.attune.bench.averaging;

import io.attune.bench.averaging.AveragingCase.Master;
import io.attune.bench.averaging.AveragingCluster.RoundCost;
import io.attune.bench.averaging.CostModel.Observation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reports the bytes to the driver between JVMs, and the predicted cost of averaging with more
 * workers.
 *
 * @param stepSeconds of one worker
 * @param networkBytesPerSecond that a machine of the predicted cluster can send
 */
record CostReport(List<RoundCost> measured, double stepSeconds, double networkBytesPerSecond) {
  private static final int[] WORKERS = {2, 4, 8, 16, 32, 64, 128, 256};
  private static final int[] FREQUENCIES = {16, 64, 256};

  CostReport {
    measured = List.copyOf(measured);
  }

  private List<Observation> observations() {
    return measured.stream()
        .filter(one -> one.seconds() > 0)
        .map(one -> new Observation(one.workers(), one.slots(), (double) one.copy(), one.seconds()))
        .toList();
  }

  private double perTask() {
    return Math.max(0, measured.isEmpty() ? 0 : measured.get(0).perTask());
  }

  private long largestCopy() {
    return measured.stream().mapToLong(RoundCost::copy).max().orElse(0);
  }

  private Optional<RoundCost> of(Master master, int workers) {
    return measured.stream()
        .filter(
            one ->
                one.master() == master && one.workers() == workers && one.copy() == largestCopy())
        .findFirst();
  }

  /** Returns the tables. */
  String markdown() {
    return bytes() + "\n" + costs();
  }

  private String bytes() {
    StringBuilder text =
        new StringBuilder(
            format(
                "Bytes to the driver a round, between JVMs; a copy of the parameters and of Adam's"
                    + " state is %.1f MB.%n%n",
                largestCopy() / 1e6));
    text.append(
        """
        | workers | Attune's master, MB | copies | DL4J's master, MB | copies |
        |---|---|---|---|---|
        """);
    for (int workers : measured.stream().mapToInt(RoundCost::workers).distinct().toArray()) {
      Optional<RoundCost> ours = of(Master.ATTUNE, workers);
      Optional<RoundCost> theirs = of(Master.DL4J, workers);
      text.append(format("| %d | %s | %s |%n", workers, cells(ours), cells(theirs)));
    }
    return text.toString();
  }

  private static String cells(Optional<RoundCost> one) {
    return one.map(
            of ->
                format(
                    "%.2f | %.2f",
                    of.bytesPerRound() / 1e6, of.bytesPerRound() / (double) of.copy()))
        .orElse(" | ");
  }

  private String costs() {
    List<Observation> observations = observations();
    if (observations.size() < 4) {
      return "No costs were fitted: the cluster measured too little.\n";
    }
    CostModel fitted = CostModel.fit(observations, perTask());
    CostModel model = fitted.over(networkBytesPerSecond);
    StringBuilder text =
        new StringBuilder(
            format(
                "Fitted to %d measurements of Attune's master: a round costs %.1f ms, %.2f ms for"
                    + " each worker at the driver (measured with tasks that do nothing) and %.1f ms"
                    + " for each task on its core, and %s (root mean square error %.0f %%). A step"
                    + " of one worker takes %.1f ms.%n%n",
                observations.size(),
                1e3 * fitted.latency(),
                1e3 * fitted.perWorker(),
                1e3 * fitted.perTurn(),
                Double.isInfinite(fitted.bytesPerSecond())
                    ? "its bytes have no measurable cost"
                    : format("moves %.0f MB/s", fitted.bytesPerSecond() / 1e6),
                100 * fitted.relativeError(observations),
                1e3 * stepSeconds));
    text.append(
        format(
            "**A prediction, not a measurement:** fraction of the time in which workers train,"
                + " and in brackets their speed relative to one worker, by steps between"
                + " averages; each worker on a core of its own, no slower machine among them, at"
                + " most %.0f MB/s.%n%n",
            networkBytesPerSecond / 1e6));
    text.append("| workers |");
    for (int frequency : FREQUENCIES) {
      text.append(format(" %d steps |", frequency));
    }
    text.append(format("%n|---|---|---|---|%n"));
    for (int workers : WORKERS) {
      text.append(format("| %d |", workers));
      for (int frequency : FREQUENCIES) {
        double efficiency =
            model.efficiency(workers, (double) largestCopy(), frequency, stepSeconds);
        text.append(format(" %.0f %% (%.1f) |", 100 * efficiency, workers * efficiency));
      }
      text.append(format("%n"));
    }
    return text.toString();
  }

  /** Returns the costs for {@code averaging.json}. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("betweenJvms", measured);
    json.put("stepSeconds", stepSeconds);
    json.put("networkBytesPerSecond", networkBytesPerSecond);
    if (observations().size() >= 4) {
      CostModel fitted = CostModel.fit(observations(), perTask());
      json.put("fitted", fitted.over(Double.MAX_VALUE)); // JSON has no infinity.
      json.put("relativeError", fitted.relativeError(observations()));
    }
    return json;
  }

  private static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
