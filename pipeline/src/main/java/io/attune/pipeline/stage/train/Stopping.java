package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.averaging.state.Score;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import java.util.List;

/**
 * Configures when training ends and which epoch it keeps.
 *
 * @param epochs passes over the train split, at most; 0 to go by its rows: for fine-tuning {@value
 *     #FEW_EPOCHS}, or {@value #FEWER_EPOCHS} over more than {@value #MANY_ROWS} rows, and for a
 *     vocabulary of the task's own {@value #OWN_EPOCHS} over up to {@value #OWN_ROWS} rows, and
 *     over more rows fewer, by the root, but not below {@value #FEWEST_OWN_EPOCHS}
 * @param patience epochs without a better validation score after which training stops; 0 for never
 * @param metric that decides which epoch is best
 * @param head whose macro-F1 that is; {@link #ALL_HEADS} for the mean over all, {@link #OF_GATE}
 *     for the head that the gate goes by
 */
public record Stopping(int epochs, int patience, Metric metric, String head) {
  /** Stands for the mean over all heads. */
  public static final String ALL_HEADS = "all";

  /** Stands for what the gate goes by, which another part of the configuration says. */
  public static final String OF_GATE = "gate";

  private static final int FEW_EPOCHS = 3;
  private static final int FEWER_EPOCHS = 2;
  private static final int MANY_ROWS = 20_000;
  private static final int OWN_EPOCHS = 10;
  private static final int OWN_ROWS = 10_000;
  private static final int FEWEST_OWN_EPOCHS = 2;

  /** Names the score by which epochs are compared. */
  public enum Metric {
    /**
     * Compares epochs by their macro-F1; higher is better, or the lower loss if they are equal, or
     * if an epoch of an earlier version has none.
     */
    MACRO_F1,
    /** Compares epochs by their loss; lower is better. */
    LOSS,
    /**
     * Compares epochs by their mean accuracy over the heads; higher is better, or the lower loss if
     * the accuracies are equal.
     */
    ACCURACY
  }

  public Stopping {
    require(epochs >= 0, "epochs must be at least 1, or 0 to go by the rows, got %d", epochs);
    require(patience >= 0, "patience must be 0 (never) or more epochs, got %d", patience);
    head = head == null || head.isBlank() ? OF_GATE : head;
  }

  /** Goes by all heads. */
  public Stopping(int epochs, int patience, Metric metric) {
    this(epochs, patience, metric, ALL_HEADS);
  }

  /** Returns the same with the head of the gate, if it is to go by that. */
  Stopping goingBy(String ofGate) {
    return head.equals(OF_GATE) ? new Stopping(epochs, patience, metric, ofGate) : this;
  }

  /**
   * Returns the macro-F1 that epochs are compared by.
   *
   * @param heads of the network's outputs, in their order
   */
  double macroF1(Score score, List<String> heads) {
    int named = heads.indexOf(head);
    return named < 0 ? score.macroF1() : score.heads().get(named).macroF1();
  }

  /** Returns what decides, as the end of a sentence about the best epoch. */
  String describe() {
    return switch (metric) {
      case MACRO_F1 -> "macro-F1 (of epochs that are equal, by the lower loss)";
      case ACCURACY -> "accuracy (of epochs that are equal, by the lower loss)";
      case LOSS -> "loss";
    };
  }

  /**
   * Returns the same with a number of epochs, if it was left to the rows of the train split.
   *
   * @param ownVocabulary whether nothing of the network was trained before
   */
  Stopping over(long rows, boolean ownVocabulary) {
    if (epochs > 0) {
      return this;
    }
    return new Stopping(
        ownVocabulary ? ownEpochs(rows) : tunedEpochs(rows), patience, metric, head);
  }

  private static int tunedEpochs(long rows) {
    return rows > MANY_ROWS ? FEWER_EPOCHS : FEW_EPOCHS;
  }

  /** Returns passes whose steps grow with the root of the rows once there are enough of these. */
  private static int ownEpochs(long rows) {
    double fraction = Math.sqrt((double) OWN_ROWS / Math.max(rows, OWN_ROWS));
    return (int) Math.max(FEWEST_OWN_EPOCHS, Math.round(OWN_EPOCHS * fraction));
  }

  /** Returns whether an epoch is better than the best before it. */
  boolean isBetter(EpochRecord epoch, EpochRecord best) {
    boolean lowerLoss = epoch.validationLoss() < best.validationLoss();
    return switch (metric) {
      case MACRO_F1 -> {
        Double one = epoch.validationMacroF1();
        Double other = best.validationMacroF1();
        yield (one == null || other == null || one.equals(other)) ? lowerLoss : one > other;
      }
      case LOSS -> lowerLoss;
      case ACCURACY ->
          epoch.validationAccuracy() > best.validationAccuracy()
              || (epoch.validationAccuracy() == best.validationAccuracy() && lowerLoss);
    };
  }

  /** Returns whether no epoch is left, or the patience is exhausted. */
  boolean isReached(TrainingProgress progress) {
    int done = progress.epoch();
    boolean patienceExhausted =
        patience > 0 && progress.best() != null && done - progress.best().epoch() >= patience;
    return done >= epochs || patienceExhausted;
  }
}
