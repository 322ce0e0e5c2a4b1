package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.state.Round;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.pipeline.telemetry.TrainingGauges;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.Locale;

/**
 * Reports the progress of a network's training: metrics files and ledger; of all networks: gauges
 * and the progress bar.
 */
final class TrainingReports {
  private final StageContext context;
  private final Member member;
  private final Metrics metrics;
  private final int epochs;
  private final long rows;

  /**
   * Opens the reports, without writing.
   *
   * @param rows of an epoch
   */
  TrainingReports(StageContext context, Member member, long rows) {
    this.context = context;
    this.member = member;
    this.rows = rows;
    epochs = member.spec().train().stopping().epochs();
    metrics = new Metrics(context.storage(), member.folder(), context.recorder().clock());
  }

  /** Starts the reports, or continues them from a checkpoint. */
  void start(TrainingProgress progress) {
    metrics.start(progress.metricsLines(), progress.rounds());
  }

  /**
   * Reports a round.
   *
   * @param progress after the round
   */
  void add(Round round, TrainingProgress progress) {
    metrics.add(round, progress.rounds());
    TrainingGauges.ofDriver().show(values(round, progress));
    context
        .progress()
        .update(
            rowsDone(progress),
            rowsPlanned(),
            String.format(
                Locale.ROOT,
                "%sepoch %d/%d loss %.3f",
                member.note(),
                round.epoch() + 1,
                epochs,
                progress.current().loss()));
  }

  private TrainingGauges.Values values(Round round, TrainingProgress progress) {
    return new TrainingGauges.Values(
        member.number(),
        round.epoch() + 1,
        progress.rounds(),
        round.workers(),
        rowsDone(progress),
        rowsPlanned(),
        progress.current().loss(),
        progress.total().tokensPerSecond(),
        progress.total().averagingFraction());
  }

  /** Counts the networks before as whole, even those that their patience ended sooner. */
  private long rowsDone(TrainingProgress progress) {
    return rows * epochs * (member.number() - 1) + progress.total().rowsTrained();
  }

  private long rowsPlanned() {
    return rows * epochs * member.count();
  }

  void add(EpochRecord epoch, NetworkProbe.ProbeResult result) {
    metrics.add(epoch, result);
  }

  /** Writes the account of the rows of all rounds. */
  void writeLedger(TrainingProgress progress) {
    context
        .storage()
        .replace(
            member.folder() + "/" + Ledger.FILE_NAME,
            Json.pretty(new Ledger(rows, progress.ledger())));
  }

  /** Makes the metrics files contain everything that was added. */
  void write() {
    metrics.write();
  }
}
