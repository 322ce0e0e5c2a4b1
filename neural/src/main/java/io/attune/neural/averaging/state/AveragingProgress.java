package io.attune.neural.averaging.state;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.averaging.plan.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Counts the rounds of a training. Built by {@link #toBuilder}; never changed.
 *
 * @param rounds made since the training began
 * @param examples seen by all workers together since then: what the {@link Schedule} goes by
 * @param segments rounds of the present epoch that are made; empty between epochs
 * @param firstLoss loss of the first round; 0 before it
 * @param stepScale fraction of the learning rate that rollbacks have left
 * @param rollbacks made so far
 * @param frequency minibatches of a worker in a round, where the master has chosen them; 0 where
 *     the configuration's are in use
 * @param processors kinds of processors that the first round was computed on; empty before it, and
 *     in earlier checkpoints
 */
public record AveragingProgress(
    int rounds,
    long examples,
    List<Segment> segments,
    double firstLoss,
    double stepScale,
    int rollbacks,
    int frequency,
    List<String> processors) {
  /** Describes the progress before the first round. */
  public static final AveragingProgress START =
      new AveragingProgress(0, 0, List.of(), 0, 1, 0, 0, List.of());

  public AveragingProgress {
    segments = List.copyOf(segments);
    processors = processors == null ? List.of() : List.copyOf(processors);
  }

  /** Returns the rounds of the present epoch that are made. */
  public int roundsOfEpoch() {
    return segments.stream().mapToInt(Segment::rounds).sum();
  }

  /** Returns the rounds made before the present epoch. */
  public int roundsBefore() {
    return rounds - roundsOfEpoch();
  }

  /** Returns the minibatches of a worker in a round. */
  public int frequency(AveragingConfig config) {
    return frequency == 0 ? config.frequency() : frequency;
  }

  /** Returns whether the next round is one of the warm-up. */
  public boolean isWarmingUp(AveragingConfig config) {
    return rounds < config.warmUpRounds();
  }

  /**
   * Returns the rounds of the last segment, if it can be resumed with these workers and this
   * frequency; else 0.
   */
  public int roundsToResumeFrom(int workers, int ofFrequency) {
    Segment last = segments.isEmpty() ? new Segment(0, 0, 0) : segments.get(segments.size() - 1);
    return last.workers() == workers && last.frequency() == ofFrequency ? last.rounds() : 0;
  }

  /** Returns the progress after one more round of a plan of that frequency. */
  public AveragingProgress after(Round round, int ofFrequency) {
    List<Segment> made = new ArrayList<>(segments);
    int before = roundsToResumeFrom(round.workers(), ofFrequency);
    if (before > 0) {
      made.remove(made.size() - 1);
    }
    made.add(new Segment(round.workers(), ofFrequency, before + 1));
    return toBuilder()
        .rounds(rounds + 1)
        .examples(examples + round.rowsPlanned())
        .segments(made)
        .firstLoss(rounds == 0 ? round.loss() : firstLoss)
        .build();
  }

  /** Returns the progress with the kinds of processors of a round, if it is the first. */
  public AveragingProgress on(Collection<String> kinds) {
    return processors.isEmpty()
        ? toBuilder().processors(List.copyOf(new TreeSet<>(kinds))).build()
        : this;
  }

  /** Returns the progress after the present epoch has ended. */
  public AveragingProgress betweenEpochs() {
    return toBuilder().segments(List.of()).build();
  }

  /** Returns the progress with another frequency from the next plan on. */
  public AveragingProgress withFrequency(int chosen) {
    return toBuilder().frequency(chosen).build();
  }

  /** Returns the progress after a round that is to be trained again. */
  public AveragingProgress rolledBack() {
    return toBuilder().stepScale(stepScale / 2).rollbacks(rollbacks + 1).build();
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Builds a progress by name. */
  public static final class Builder {
    private int rounds;
    private long examples;
    private List<Segment> segments;
    private double firstLoss;
    private double stepScale;
    private int rollbacks;
    private int frequency;
    private List<String> processors;

    private Builder(AveragingProgress from) {
      rounds = from.rounds;
      examples = from.examples;
      segments = from.segments;
      firstLoss = from.firstLoss;
      stepScale = from.stepScale;
      rollbacks = from.rollbacks;
      frequency = from.frequency;
      processors = from.processors;
    }

    public Builder rounds(int rounds) {
      this.rounds = rounds;
      return this;
    }

    public Builder examples(long examples) {
      this.examples = examples;
      return this;
    }

    public Builder segments(List<Segment> segments) {
      this.segments = segments;
      return this;
    }

    public Builder firstLoss(double firstLoss) {
      this.firstLoss = firstLoss;
      return this;
    }

    public Builder stepScale(double stepScale) {
      this.stepScale = stepScale;
      return this;
    }

    public Builder rollbacks(int rollbacks) {
      this.rollbacks = rollbacks;
      return this;
    }

    public Builder frequency(int frequency) {
      this.frequency = frequency;
      return this;
    }

    public Builder processors(List<String> processors) {
      this.processors = processors;
      return this;
    }

    public AveragingProgress build() {
      return new AveragingProgress(
          rounds, examples, segments, firstLoss, stepScale, rollbacks, frequency, processors);
    }
  }
}
