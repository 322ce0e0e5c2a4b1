package io.attune.pipeline.stage.train.checkpoint;

import io.attune.neural.averaging.state.AveragingProgress;
import io.attune.neural.averaging.state.NetworkState;
import io.attune.neural.averaging.state.Round;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Records everything about a training except floats: {@code state.json} of a checkpoint. Built by
 * {@link #start} and the methods that return the next; never changed.
 *
 * @param version of this format
 * @param training that this is the progress of
 * @param averaging rounds done, and what else the master carries from round to round
 * @param iteration updates that a worker has made
 * @param best the best epoch so far; null before the first epoch ends
 * @param total over all rounds done
 * @param current over the rounds done of the present epoch
 * @param resumes how often the training was resumed from a checkpoint
 * @param curve of the epochs done
 * @param ledger of all rounds done
 */
public record TrainingProgress(
    int version,
    Identity training,
    AveragingProgress averaging,
    int iteration,
    Best best,
    Totals total,
    Totals current,
    int resumes,
    List<EpochRecord> curve,
    List<Ledger.Entry> ledger) {
  static final int VERSION = 3;

  public TrainingProgress {
    curve = List.copyOf(curve);
    ledger = List.copyOf(ledger);
  }

  /**
   * Identifies a training: a checkpoint is resumed by one with the same identity only.
   *
   * @param dataset SHA-256 of the dataset's index
   * @param tokenizer SHA-256 of its tokenizer
   * @param configuration SHA-256 of the settings of network and training
   */
  public record Identity(String dataset, String tokenizer, String configuration, long seed) {}

  /**
   * Names the best epoch so far.
   *
   * @param epoch from 1
   * @param iteration updates that a worker had made by its end
   */
  public record Best(int epoch, int iteration) {}

  /** Returns the progress before the first round. */
  public static TrainingProgress start(Identity training) {
    return new Builder(training).build();
  }

  /** Returns the epochs done, which is the number of the present epoch, from 0. */
  public int epoch() {
    return curve.size();
  }

  public int rounds() {
    return averaging.rounds();
  }

  /** Returns the lines of {@code metrics.jsonl}: one for each round and each epoch. */
  public int metricsLines() {
    return rounds() + epoch();
  }

  /** Returns the curve's entry of the best epoch; there must be one. */
  public EpochRecord bestEpoch() {
    return curve.get(best.epoch() - 1);
  }

  /**
   * Returns the progress after a round.
   *
   * @param network after the round
   * @param reached progress of the master after the round
   * @param slots tasks that run at a time
   */
  public TrainingProgress after(
      Round round, NetworkState network, AveragingProgress reached, int slots) {
    Builder next = toBuilder();
    next.averaging = reached;
    next.iteration = network.iteration();
    next.total = total.plus(round, slots);
    next.current = current.plus(round, slots);
    next.ledger = append(ledger, Ledger.Entry.of(round, reached.rounds()));
    return next.build();
  }

  /**
   * Returns the progress after the last round of an epoch.
   *
   * @param isBetter whether an epoch, given first, is better than the best before it
   */
  public TrainingProgress after(EpochRecord epoch, BiPredicate<EpochRecord, EpochRecord> isBetter) {
    Builder next = toBuilder();
    next.averaging = averaging.betweenEpochs();
    next.current = Totals.NONE;
    next.curve = append(curve, epoch);
    if (best == null || isBetter.test(epoch, bestEpoch())) {
      next.best = new Best(epoch.epoch(), iteration);
    }
    return next.build();
  }

  /** Returns the progress of a training that was resumed from here. */
  public TrainingProgress resumed() {
    Builder next = toBuilder();
    next.resumes = resumes + 1;
    return next.build();
  }

  private static <T> List<T> append(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  private Builder toBuilder() {
    Builder builder = new Builder(training);
    builder.averaging = averaging;
    builder.iteration = iteration;
    builder.best = best;
    builder.total = total;
    builder.current = current;
    builder.resumes = resumes;
    builder.curve = curve;
    builder.ledger = ledger;
    return builder;
  }

  /** Holds the values of the next progress by name. */
  private static final class Builder {
    private final Identity training;
    private AveragingProgress averaging = AveragingProgress.START;
    private int iteration;
    private Best best;
    private Totals total = Totals.NONE;
    private Totals current = Totals.NONE;
    private int resumes;
    private List<EpochRecord> curve = List.of();
    private List<Ledger.Entry> ledger = List.of();

    private Builder(Identity training) {
      this.training = training;
    }

    private TrainingProgress build() {
      return new TrainingProgress(
          VERSION, training, averaging, iteration, best, total, current, resumes, curve, ledger);
    }
  }
}
