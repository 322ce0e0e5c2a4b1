package io.attune.pipeline.stage.train;

import io.attune.neural.averaging.plan.Segment;
import io.attune.neural.averaging.state.OuterState;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.List;

/**
 * {@code state.json} of a checkpoint: all that is not floats.
 *
 * @param version of this format
 * @param dataset SHA-256 of the dataset's index
 * @param tokenizer SHA-256 of its tokenizer
 * @param configuration SHA-256 of what the network is and how it is trained
 * @param epoch that is being trained, from 0
 * @param segments rounds of it that are done
 * @param outer what else the master carries from round to round, but for the velocity
 * @param iteration updates that a worker has made
 * @param best the best epoch so far; null before the first epoch ends
 * @param total over all rounds done
 * @param current over the rounds of this epoch done
 * @param metrics lines of {@code metrics.jsonl} that were written by then
 * @param curve of the epochs done
 * @param ledger of all rounds done
 */
record TrainingProgress(
    int version,
    String dataset,
    String tokenizer,
    String configuration,
    long seed,
    int epoch,
    List<Segment> segments,
    Outer outer,
    int iteration,
    Best best,
    Totals total,
    Totals current,
    int resumes,
    int metrics,
    List<EpochRecord> curve,
    List<Ledger.Entry> ledger) {
  static final int VERSION = 2;

  TrainingProgress {
    segments = List.copyOf(segments);
    curve = List.copyOf(curve);
    ledger = List.copyOf(ledger);
  }

  /**
   * The master's own account.
   *
   * @param rounds made since the training began
   * @param examples seen since then
   * @param firstLoss of the first round
   * @param stepScale share of the learning rate that rollbacks have left
   * @param frequency minibatches of a worker in a round, where the master chose; else 0
   */
  record Outer(
      int rounds, long examples, double firstLoss, double stepScale, int rollbacks, int frequency) {
    static Outer of(OuterState state) {
      return new Outer(
          state.rounds(),
          state.examples(),
          state.firstLoss(),
          state.stepScale(),
          state.rollbacks(),
          state.frequency());
    }
  }

  /** What the master goes on from. */
  OuterState outerState(float[] velocity) {
    return new OuterState(
        outer.rounds(),
        outer.examples(),
        segments,
        velocity,
        outer.firstLoss(),
        outer.stepScale(),
        outer.rollbacks(),
        outer.frequency());
  }

  /**
   * The best epoch so far.
   *
   * @param epoch from 1
   * @param iteration updates that a worker had made by its end
   */
  record Best(int epoch, double validationLoss, double validationAccuracy, int iteration) {}
}
