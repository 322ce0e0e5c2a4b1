package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.state.Round;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.pipeline.telemetry.TrainingGauges;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.Locale;

/** Reports the progress of a training: metrics files, gauges and the progress bar. */
final class TrainingReports {
  private final StageContext context;
  private final Metrics metrics;
  private final int epochs;
  private final long rowsInAll;

  /**
   * Opens the reports, without writing.
   *
   * @param rows of an epoch
   */
  TrainingReports(StageContext context, int epochs, long rows) {
    this.context = context;
    this.epochs = epochs;
    rowsInAll = rows * epochs;
    metrics = new Metrics(context.storage(), context.run().folder(), context.recorder().clock());
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
            progress.total().rowsTrained(),
            rowsInAll,
            String.format(
                Locale.ROOT,
                "epoch %d/%d loss %.3f",
                round.epoch() + 1,
                epochs,
                progress.current().loss()));
  }

  private TrainingGauges.Values values(Round round, TrainingProgress progress) {
    return new TrainingGauges.Values(
        round.epoch() + 1,
        progress.rounds(),
        round.workers(),
        progress.total().rowsTrained(),
        rowsInAll,
        progress.current().loss(),
        progress.total().tokensPerSecond(),
        progress.total().averagingFraction());
  }

  void add(EpochRecord epoch, NetworkProbe.ProbeResult result) {
    metrics.add(epoch, result);
  }

  /** Makes the files contain everything that was added. */
  void write() {
    metrics.write();
  }
}
