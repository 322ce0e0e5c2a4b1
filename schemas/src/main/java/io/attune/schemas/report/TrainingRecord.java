package io.attune.schemas.report;

import java.util.List;

/**
 * {@code training.json}: how tonight's model came to be.
 *
 * @param rounds averaging rounds made, those before a resume included
 * @param seconds of training, those before a resume included
 * @param tokensPerSecond tokens trained, padding not counted, over {@code seconds}
 * @param averagingShare share of {@code seconds} in which workers neither computed nor read, in [0,
 *     1]
 * @param rowsPlanned rows that the plan gave to workers, over all epochs
 * @param rowsTrained rows that are in the model: {@code rowsPlanned}, but for those of workers that
 *     were left out because their result was not finite
 * @param bestEpoch the epoch whose parameters were kept, from 1
 */
public record TrainingRecord(
    int workers,
    int epochs,
    int bestEpoch,
    int rounds,
    double seconds,
    double tokensPerSecond,
    double averagingShare,
    long parameters,
    long rowsPlanned,
    long rowsTrained,
    int resumes,
    List<EpochRecord> curve) {
  public TrainingRecord {
    curve = List.copyOf(curve);
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * One epoch.
   *
   * @param trainLoss mean over the rows of the epoch, as they were trained; lower is better
   * @param validationLoss mean over the validation split; lower is better
   * @param validationAccuracy mean over the heads; higher is better
   */
  public record EpochRecord(
      int epoch,
      double trainLoss,
      double validationLoss,
      double validationAccuracy,
      double seconds) {}

  /** Collects the facts of a training; what is not set is 0 or empty. */
  public static final class Builder {
    private int workers;
    private int epochs;
    private int bestEpoch;
    private int rounds;
    private double seconds;
    private double tokensPerSecond;
    private double averagingShare;
    private long parameters;
    private long rowsPlanned;
    private long rowsTrained;
    private int resumes;
    private List<EpochRecord> curve = List.of();

    private Builder() {}

    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    public Builder epochs(int epochs) {
      this.epochs = epochs;
      return this;
    }

    public Builder bestEpoch(int bestEpoch) {
      this.bestEpoch = bestEpoch;
      return this;
    }

    public Builder rounds(int rounds) {
      this.rounds = rounds;
      return this;
    }

    public Builder seconds(double seconds) {
      this.seconds = seconds;
      return this;
    }

    public Builder tokensPerSecond(double tokensPerSecond) {
      this.tokensPerSecond = tokensPerSecond;
      return this;
    }

    public Builder averagingShare(double averagingShare) {
      this.averagingShare = averagingShare;
      return this;
    }

    public Builder parameters(long parameters) {
      this.parameters = parameters;
      return this;
    }

    public Builder rowsPlanned(long rowsPlanned) {
      this.rowsPlanned = rowsPlanned;
      return this;
    }

    public Builder rowsTrained(long rowsTrained) {
      this.rowsTrained = rowsTrained;
      return this;
    }

    public Builder resumes(int resumes) {
      this.resumes = resumes;
      return this;
    }

    public Builder curve(List<EpochRecord> curve) {
      this.curve = curve;
      return this;
    }

    /** Returns the record of the set facts. */
    public TrainingRecord build() {
      return new TrainingRecord(
          workers,
          epochs,
          bestEpoch,
          rounds,
          seconds,
          tokensPerSecond,
          averagingShare,
          parameters,
          rowsPlanned,
          rowsTrained,
          resumes,
          curve);
    }
  }
}
