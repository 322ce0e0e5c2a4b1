package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.state.Round;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code metrics.jsonl} of a run: one line for each round and for each epoch, in their order; and
 * the same numbers for TensorBoard, by round.
 */
final class Metrics {
  static final String FILE_NAME = "metrics.jsonl";

  private final Storage storage;
  private final String path;
  private final List<String> lines = new ArrayList<>();
  private final EventFile events;
  private int rounds;

  Metrics(Storage storage, String folder, Clock clock) {
    this.storage = storage;
    this.path = folder + "/" + FILE_NAME;
    events = new EventFile(storage, folder, clock);
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
   * @param gradientNorms see {@link NetworkProbe.ProbeResult}, as what follows
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

  /**
   * Begins. Where training goes on, takes back what was written before, as a checkpoint counted it.
   *
   * @param count of lines
   * @param roundsBefore that are done
   */
  void start(int count, int roundsBefore) {
    rounds = roundsBefore;
    events.startAt(roundsBefore + 1L);
    if (count > 0) {
      new String(storage.read(path), StandardCharsets.UTF_8)
          .lines()
          .limit(count)
          .forEach(lines::add);
    }
  }

  void add(Round round, int number) {
    rounds = number;
    double perSecond = round.tokens() / round.seconds();
    events.scalar("loss/train", number, round.loss());
    events.scalar("round/tokens-per-second", number, perSecond);
    events.scalar("round/seconds", number, round.seconds());
    events.scalar("round/compute-seconds", number, round.computeSeconds());
    events.scalar("round/read-seconds", number, round.readSeconds());
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
                perSecond,
                round.seconds(),
                round.computeSeconds(),
                round.readSeconds())));
  }

  void add(EpochRecord epoch, NetworkProbe.ProbeResult result) {
    events.scalar("loss/train-epoch", rounds, epoch.trainLoss());
    events.scalar("loss/validation", rounds, epoch.validationLoss());
    events.scalar("accuracy/validation", rounds, epoch.validationAccuracy());
    events.scalar("attention/pooling-entropy", rounds, result.poolingEntropy());
    result.gradientNorms().forEach((part, norm) -> events.scalar("gradient/" + part, rounds, norm));
    lines.add(
        Json.line(
            new EpochLine(
                "epoch",
                epoch.epoch(),
                epoch.trainLoss(),
                epoch.validationLoss(),
                epoch.validationAccuracy(),
                epoch.seconds(),
                result.gradientNorms(),
                result.poolingEntropy(),
                result.headEntropy())));
  }

  int size() {
    return lines.size();
  }

  /** Makes the files say all that was added. */
  void write() {
    String text = String.join("\n", lines) + "\n";
    storage.replace(path, text.getBytes(StandardCharsets.UTF_8));
    events.write();
  }
}
