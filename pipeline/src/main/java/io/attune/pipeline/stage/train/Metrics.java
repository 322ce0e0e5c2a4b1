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
 * Writes {@code metrics.jsonl} of a run, one line for each round and for each epoch, in their
 * order; and the same numbers for TensorBoard, by round.
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
   * Reports one averaging round.
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
      double readSeconds) {
    static RoundLine of(Round round, int number) {
      return new RoundLine(
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
          round.readSeconds());
    }
  }

  /**
   * Reports one epoch.
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
      Double validationMacroF1,
      double seconds,
      Map<String, Double> gradientNorms,
      double poolingEntropy,
      List<List<Double>> headEntropy,
      List<List<List<Double>>> headSimilarity) {
    static EpochLine of(EpochRecord epoch, NetworkProbe.ProbeResult result) {
      return new EpochLine(
          "epoch",
          epoch.epoch(),
          epoch.trainLoss(),
          epoch.validationLoss(),
          epoch.validationAccuracy(),
          epoch.validationMacroF1(),
          epoch.seconds(),
          result.gradientNorms(),
          result.poolingEntropy(),
          result.headEntropy(),
          result.headSimilarity());
    }
  }

  /**
   * Starts the metrics of a training. If it resumes, the lines that its checkpoint counted are
   * kept.
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
    RoundLine line = RoundLine.of(round, number);
    events.scalar("loss/train", number, line.loss());
    events.scalar("round/tokens-per-second", number, line.tokensPerSecond());
    events.scalar("round/seconds", number, line.seconds());
    events.scalar("round/compute-seconds", number, line.computeSeconds());
    events.scalar("round/read-seconds", number, line.readSeconds());
    lines.add(Json.line(line));
  }

  void add(EpochRecord epoch, NetworkProbe.ProbeResult result) {
    events.scalar("loss/train-epoch", rounds, epoch.trainLoss());
    events.scalar("loss/validation", rounds, epoch.validationLoss());
    events.scalar("accuracy/validation", rounds, epoch.validationAccuracy());
    if (epoch.validationMacroF1() != null) {
      events.scalar("macro-f1/validation", rounds, epoch.validationMacroF1());
    }
    events.scalar("attention/pooling-entropy", rounds, result.poolingEntropy());
    result.gradientNorms().forEach((part, norm) -> events.scalar("gradient/" + part, rounds, norm));
    lines.add(Json.line(EpochLine.of(epoch, result)));
  }

  /** Makes the files contain everything that was added. */
  void write() {
    String text = String.join("\n", lines) + "\n";
    storage.replace(path, text.getBytes(StandardCharsets.UTF_8));
    events.write();
  }
}
