package io.attune.pipeline.train;

import io.attune.pipeline.storage.Storage;
import io.attune.pipeline.train.averaging.Round;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code metrics.jsonl} of a run: one line for each round and for each epoch, in their order. */
final class Metrics {
  static final String FILE_NAME = "metrics.jsonl";

  private final Storage storage;
  private final String path;
  private final List<String> lines = new ArrayList<>();

  Metrics(Storage storage, String folder) {
    this.storage = storage;
    this.path = folder + "/" + FILE_NAME;
  }

  /**
   * One averaging round.
   *
   * @param kind {@code round}
   * @param epoch from 1
   * @param round from 1, counted over all epochs
   */
  record RoundLine(
      String kind,
      int epoch,
      int round,
      int workers,
      long rows,
      long tokens,
      double loss,
      double tokensPerSecond,
      double seconds,
      double computeSeconds,
      double readSeconds) {}

  /**
   * One epoch.
   *
   * @param kind {@code epoch}
   * @param gradientNorms see {@link Probe.Sight}, as what follows
   */
  record EpochLine(
      String kind,
      int epoch,
      double trainLoss,
      double validationLoss,
      double validationAccuracy,
      double seconds,
      Map<String, Double> gradientNorms,
      double poolingEntropy,
      List<List<Double>> headEntropy) {}

  /** Takes back the first lines that were written before, as a checkpoint counted them. */
  void resume(int count) {
    if (count > 0) {
      new String(storage.read(path), StandardCharsets.UTF_8)
          .lines()
          .limit(count)
          .forEach(lines::add);
    }
  }

  void add(Round round, int number) {
    lines.add(
        Json.line(
            new RoundLine(
                "round",
                round.epoch() + 1,
                number,
                round.workers(),
                round.rowsTrained(),
                round.tokens(),
                round.loss(),
                round.tokens() / round.seconds(),
                round.seconds(),
                round.computeSeconds(),
                round.readSeconds())));
  }

  void add(EpochRecord epoch, Probe.Sight sight) {
    lines.add(
        Json.line(
            new EpochLine(
                "epoch",
                epoch.epoch(),
                epoch.trainLoss(),
                epoch.validationLoss(),
                epoch.validationAccuracy(),
                epoch.seconds(),
                sight.gradientNorms(),
                sight.poolingEntropy(),
                sight.headEntropy())));
  }

  int size() {
    return lines.size();
  }

  /** Makes the file say all that was added. */
  void write() {
    String text = String.join("\n", lines) + "\n";
    storage.replace(path, text.getBytes(StandardCharsets.UTF_8));
  }
}
