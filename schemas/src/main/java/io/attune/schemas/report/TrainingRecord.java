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
}
