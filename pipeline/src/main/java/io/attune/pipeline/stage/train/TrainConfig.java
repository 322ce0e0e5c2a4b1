package io.attune.pipeline.stage.train;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.BatchLimits;
import io.attune.neural.averaging.config.Device;
import io.attune.neural.averaging.config.Guards;
import io.attune.neural.averaging.config.MasterConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.pipeline.stage.train.data.Resample;
import io.attune.pipeline.stage.train.data.ResamplingChoice;
import java.util.Locale;

/**
 * Configures how the network is trained: the group {@code train} of a task's configuration.
 *
 * @param averaging how many workers train, and how they are averaged
 * @param minSteps minibatches of a worker in an epoch, at least: limits the number of workers where
 *     {@code averaging} leaves it open
 * @param batch size of a minibatch
 * @param schedule of the learning rate
 * @param guards that keep a training from diverging
 * @param stopping when training ends, and which epoch it keeps
 * @param weightAveraging which parameters are published with that epoch
 * @param budgetMinutes time that a training of all networks may take which chooses for itself how
 *     much of an encoder it trains
 * @param checkpointEveryRounds averaging rounds between two checkpoints
 * @param resample how often an epoch trains the rows of a class
 * @param resampleHead by whose classes; empty for the first
 * @param wordDropout probability with which a token is replaced by the unknown one in training
 * @param seed of everything random
 * @param seeds networks that are trained one after the other, each with a seed of its own; the
 *     model answers with the mean of their probabilities
 * @param mixedProcessors whether a training may go on on processors of another kind than it began
 *     on
 * @param device that workers compute on
 * @param gpuDiscoveryScript on the executors' machines; empty where the cluster knows its GPUs
 */
public record TrainConfig(
    AveragingConfig averaging,
    int minSteps,
    BatchLimits batch,
    Schedule schedule,
    Guards guards,
    Stopping stopping,
    WeightAveraging weightAveraging,
    double budgetMinutes,
    int checkpointEveryRounds,
    Resample resample,
    String resampleHead,
    double wordDropout,
    long seed,
    int seeds,
    boolean mixedProcessors,
    Device device,
    String gpuDiscoveryScript) {

  /** Limits the networks of a model: each costs a training, and an inference for every answer. */
  private static final int MAX_SEEDS = 16;

  /** Holds the default of {@code budgetMinutes}. */
  private static final double BUDGET_MINUTES = 10;

  public TrainConfig {
    require(minSteps >= 1, "min-steps must be at least 1, got %d", minSteps);
    require(budgetMinutes > 0, "budget-minutes must be above 0, got %s", budgetMinutes);
    require(
        checkpointEveryRounds >= 1,
        "checkpoint-every-rounds must be at least 1, got %d",
        checkpointEveryRounds);
    require(resample != null, "resample must be none, balanced or sqrt");
    require(
        wordDropout >= 0 && wordDropout < 1, "word-dropout must be in [0, 1), got %s", wordDropout);
    require(seeds >= 1 && seeds <= MAX_SEEDS, "seeds must be 1 to %d, got %d", MAX_SEEDS, seeds);
    require(
        device == Device.CPU || averaging.workers() >= 1,
        "averaging.workers must be 1 or more with device %s: Spark does not say how many GPUs the"
            + " cluster has",
        device.toString().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Returns which classes an epoch has how often. */
  ResamplingChoice resampling() {
    return new ResamplingChoice(resample, resampleHead == null ? "" : resampleHead);
  }

  /**
   * Returns the same with all that depends on the rows of the train split decided.
   *
   * @param ownVocabulary whether nothing of the network was trained before
   */
  TrainConfig over(long rows, boolean ownVocabulary) {
    return toBuilder(stopping.over(rows, ownVocabulary)).build();
  }

  /** Returns the same, choosing epochs by the head that the gate goes by if it is told to. */
  public TrainConfig goingBy(String headOfGate) {
    return toBuilder(stopping.goingBy(headOfGate)).build();
  }

  /** Returns the same with the seed of one of its networks. */
  TrainConfig withSeed(long other) {
    return toBuilder(stopping).seed(other).build();
  }

  /**
   * Returns the configuration of the master.
   *
   * @param workers at least 1
   * @param rows of the train split
   */
  MasterConfig master(int workers, long rows) {
    return MasterConfig.builder(averaging.toBuilder().workers(workers).build(), batch, seed)
        .schedule(schedule, rows * stopping.epochs())
        .guards(guards)
        .mixedProcessors(mixedProcessors)
        .build();
  }

  /**
   * Starts from a constant learning rate, guards that end the training at the first result that is
   * not finite, parameters that are not averaged over epochs, and the processor; the builder takes
   * what differs.
   */
  static Builder builder(AveragingConfig averaging, BatchLimits batch, Stopping stopping) {
    return new Builder(averaging, batch, stopping);
  }

  private Builder toBuilder(Stopping other) {
    return builder(averaging, batch, other)
        .minSteps(minSteps)
        .schedule(schedule)
        .guards(guards)
        .weightAveraging(weightAveraging)
        .budgetMinutes(budgetMinutes)
        .checkpointEveryRounds(checkpointEveryRounds)
        .resample(resample, resampleHead)
        .wordDropout(wordDropout)
        .seed(seed)
        .seeds(seeds)
        .mixedProcessors(mixedProcessors)
        .device(device)
        .gpuDiscoveryScript(gpuDiscoveryScript);
  }

  /** Builds a configuration by name. */
  static final class Builder {
    private final AveragingConfig averaging;
    private final BatchLimits batch;
    private final Stopping stopping;
    private int minSteps = 1;
    private Schedule schedule = Schedule.CONSTANT;
    private Guards guards = Guards.STRICT;
    private WeightAveraging weightAveraging = WeightAveraging.OFF;
    private double budgetMinutes = BUDGET_MINUTES;
    private int checkpointEveryRounds = 1;
    private Resample resample = Resample.NONE;
    private String resampleHead = "";
    private double wordDropout;
    private long seed;
    private int seeds = 1;
    private boolean mixedProcessors;
    private Device device = Device.CPU;
    private String gpuDiscoveryScript = "";

    private Builder(AveragingConfig averaging, BatchLimits batch, Stopping stopping) {
      this.averaging = averaging;
      this.batch = batch;
      this.stopping = stopping;
    }

    Builder minSteps(int minSteps) {
      this.minSteps = minSteps;
      return this;
    }

    Builder schedule(Schedule schedule) {
      this.schedule = schedule;
      return this;
    }

    Builder guards(Guards guards) {
      this.guards = guards;
      return this;
    }

    Builder weightAveraging(WeightAveraging weightAveraging) {
      this.weightAveraging = weightAveraging;
      return this;
    }

    Builder budgetMinutes(double budgetMinutes) {
      this.budgetMinutes = budgetMinutes;
      return this;
    }

    Builder checkpointEveryRounds(int checkpointEveryRounds) {
      this.checkpointEveryRounds = checkpointEveryRounds;
      return this;
    }

    Builder resample(Resample resample, String head) {
      this.resample = resample;
      this.resampleHead = head;
      return this;
    }

    Builder wordDropout(double wordDropout) {
      this.wordDropout = wordDropout;
      return this;
    }

    Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    Builder seeds(int seeds) {
      this.seeds = seeds;
      return this;
    }

    Builder mixedProcessors(boolean mixedProcessors) {
      this.mixedProcessors = mixedProcessors;
      return this;
    }

    Builder device(Device device) {
      this.device = device;
      return this;
    }

    Builder gpuDiscoveryScript(String gpuDiscoveryScript) {
      this.gpuDiscoveryScript = gpuDiscoveryScript;
      return this;
    }

    TrainConfig build() {
      return new TrainConfig(
          averaging,
          minSteps,
          batch,
          schedule,
          guards,
          stopping,
          weightAveraging,
          budgetMinutes,
          checkpointEveryRounds,
          resample,
          resampleHead,
          wordDropout,
          seed,
          seeds,
          mixedProcessors,
          device,
          gpuDiscoveryScript);
    }
  }
}
