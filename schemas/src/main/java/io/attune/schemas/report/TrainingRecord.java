package io.attune.schemas.report;

import io.attune.schemas.model.RunSynonyms;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Records the training of tonight's model: {@code training.json}. With several networks {@code
 * epochs}, {@code bestEpoch} and {@code curve} are those of the first; counts and times are sums.
 *
 * @param rounds averaging rounds, those before a resume included
 * @param seconds of training, those before a resume included
 * @param tokensPerSecond tokens trained, padding not counted, over {@code seconds}
 * @param averagingShare fraction of {@code seconds} in which workers neither computed nor read, in
 *     [0, 1]
 * @param rowsPlanned rows that the plan gave to workers, over all epochs
 * @param rowsTrained rows that were trained into the model: {@code rowsPlanned} without those of
 *     workers that were left out because their result was not finite
 * @param bestEpoch the epoch whose parameters were kept, from 1
 * @param networks in the order of the bundle; empty for a model without a network
 * @param resampling how often an epoch took the rows of each class; null if each row once
 * @param synonyms with which copies of documents were among the rows; null for none
 * @param accuracyDeviation standard deviation of the networks' validation accuracies; null unless
 *     there are several
 * @param macroF1Deviation standard deviation of their validation macro-F1; null likewise, and in
 *     files of versions without it
 * @param origin what the network started from, and why, for people; null for a model without a
 *     network
 * @param processors kinds of processors that trained it: the same night on one of these alone gives
 *     the same model to the bit; null in earlier files and for a model without a network
 * @param weightAveraging what the parameters are a mean of, which the figures on the validation
 *     split are of then; null where they are those that the training reached, and in earlier files
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
    List<EpochRecord> curve,
    List<NetworkRecord> networks,
    ResamplingRecord resampling,
    RunSynonyms synonyms,
    Double accuracyDeviation,
    Double macroF1Deviation,
    String origin,
    List<String> processors,
    WeightAveragingRecord weightAveraging) {
  public TrainingRecord {
    curve = List.copyOf(curve);
    networks = networks == null ? List.of() : List.copyOf(networks); // absent in earlier files
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Holds the metrics of one epoch.
   *
   * @param trainLoss mean over the rows of the epoch, as they were trained; lower is better
   * @param validationLoss mean over the validation split; lower is better
   * @param validationAccuracy mean over the heads; higher is better
   * @param validationMacroF1 of the head that the gate goes by, or the mean over the heads; higher
   *     is better; null in files of versions without it
   */
  public record EpochRecord(
      int epoch,
      double trainLoss,
      double validationLoss,
      double validationAccuracy,
      double seconds,
      Double validationMacroF1) {
    /** Records an epoch without its macro-F1, as earlier versions did. */
    public EpochRecord(
        int epoch,
        double trainLoss,
        double validationLoss,
        double validationAccuracy,
        double seconds) {
      this(epoch, trainLoss, validationLoss, validationAccuracy, seconds, null);
    }
  }

  /**
   * Holds the result of one network.
   *
   * @param seed with which a training of this network alone gives the same network
   * @param epochs that were trained
   * @param bestEpoch the epoch whose parameters were kept, from 1
   * @param validationLoss after that epoch; lower is better
   * @param validationAccuracy after that epoch, the mean over the heads; higher is better
   * @param validationMacroF1 after that epoch; higher is better; null in files of versions without
   *     it
   */
  public record NetworkRecord(
      long seed,
      int epochs,
      int bestEpoch,
      double validationLoss,
      double validationAccuracy,
      Double validationMacroF1) {
    /** Records a network without its macro-F1, as earlier versions did. */
    public NetworkRecord(
        long seed, int epochs, int bestEpoch, double validationLoss, double validationAccuracy) {
      this(seed, epochs, bestEpoch, validationLoss, validationAccuracy, null);
    }
  }

  /**
   * Records that epochs took the rows of some classes more often than those of others.
   *
   * @param head by whose classes
   * @param by {@code balanced} or {@code sqrt}
   * @param factors by class, how often a row was taken in an epoch, on average
   * @param rows of an epoch
   */
  public record ResamplingRecord(String head, String by, Map<String, Double> factors, long rows)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public ResamplingRecord {
      factors = new TreeMap<>(factors);
    }
  }

  /**
   * Records that each parameter is a mean of values that the training passed through; {@code
   * docs/formats/model.md} says which.
   *
   * @param epochs at whose ends the values stood, at most; the last is the epoch that was kept; 1
   *     with {@code ema}
   * @param ema fraction of its weight in a moving average that a value has left after one epoch
   *     more; 0 without one
   */
  public record WeightAveragingRecord(int epochs, double ema) {
    /** Returns what each parameter is, as the end of a sentence. */
    public String note() {
      return ema > 0
          ? "an exponential moving average over the averaging rounds (%s an epoch)".formatted(ema)
          : "the mean of its values at the end of the kept epoch and of up to %d before it"
              .formatted(epochs - 1);
    }
  }

  /**
   * Returns the mean of the networks' validation figures and their standard deviation, such as
   * {@code validation accuracy 0.842 ± 0.004, macro-F1 0.831 ± 0.006}; there must be several
   * networks.
   */
  public String accuracyNote() {
    String accuracy =
        String.format(
            Locale.ROOT,
            "validation accuracy %.3f ± %.3f",
            mean(networks, NetworkRecord::validationAccuracy),
            accuracyDeviation);
    return macroF1Deviation == null
        ? accuracy
        : accuracy
            + String.format(
                Locale.ROOT,
                ", macro-F1 %.3f ± %.3f",
                mean(networks, NetworkRecord::validationMacroF1),
                macroF1Deviation);
  }

  private static double mean(List<NetworkRecord> networks, ToDoubleFunction<NetworkRecord> figure) {
    return networks.stream().mapToDouble(figure).average().orElse(0);
  }

  /** Returns the sample standard deviation; null where there is no sample. */
  private static Double deviation(
      List<NetworkRecord> networks, ToDoubleFunction<NetworkRecord> figure) {
    if (networks.size() < 2) {
      return null;
    }
    double mean = mean(networks, figure);
    double squares =
        networks.stream()
            .mapToDouble(network -> Math.pow(figure.applyAsDouble(network) - mean, 2))
            .sum();
    return Math.sqrt(squares / (networks.size() - 1));
  }

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
    private List<NetworkRecord> networks = List.of();
    private ResamplingRecord resampling;
    private RunSynonyms synonyms;
    private String origin;
    private List<String> processors;
    private WeightAveragingRecord weightAveraging;

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

    public Builder networks(List<NetworkRecord> networks) {
      this.networks = networks;
      return this;
    }

    public Builder origin(String origin) {
      this.origin = origin;
      return this;
    }

    public Builder processors(List<String> processors) {
      this.processors = List.copyOf(processors);
      return this;
    }

    /** Sets what classes were resampled; null for none. */
    public Builder resampling(ResamplingRecord resampling) {
      this.resampling = resampling;
      return this;
    }

    /** Sets what copies of documents were made; null for none. */
    public Builder synonyms(RunSynonyms synonyms) {
      this.synonyms = synonyms;
      return this;
    }

    /** Sets what the parameters are a mean of; null for no mean. */
    public Builder weightAveraging(WeightAveragingRecord weightAveraging) {
      this.weightAveraging = weightAveraging;
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
          curve,
          networks,
          resampling,
          synonyms,
          deviation(networks, NetworkRecord::validationAccuracy),
          networks.stream().anyMatch(network -> network.validationMacroF1() == null)
              ? null
              : deviation(networks, NetworkRecord::validationMacroF1),
          origin,
          processors,
          weightAveraging);
    }
  }
}
