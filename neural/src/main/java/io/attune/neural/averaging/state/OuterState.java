package io.attune.neural.averaging.state;

import io.attune.neural.averaging.config.AveragingConfig;
import io.attune.neural.averaging.config.Schedule;
import io.attune.neural.averaging.plan.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the master carries from round to round beside the network. With it and the {@link
 * NetworkState} a training goes on where another stopped. Never changed once it is made.
 *
 * @param rounds made since the training began
 * @param examples seen by all workers together since then: what the {@link Schedule} goes by
 * @param segments rounds of the present epoch that are made; empty between epochs
 * @param velocity of the outer optimizer, one value for each parameter; empty if it has none yet
 * @param firstLoss of the first round; 0 before it
 * @param stepScale share of the learning rate that rollbacks have left
 * @param rollbacks made so far
 * @param frequency minibatches of a worker in a round, where the master has chosen them; 0 where
 *     the configuration's are in use
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
public record OuterState(
    int rounds,
    long examples,
    List<Segment> segments,
    float[] velocity,
    double firstLoss,
    double stepScale,
    int rollbacks,
    int frequency) {
  /** Before the first round. */
  public static final OuterState START = new OuterState(0, 0, List.of(), new float[0], 0, 1, 0, 0);

  public OuterState {
    segments = List.copyOf(segments);
  }

  /** Rounds of the present epoch that are made. */
  public int roundsOfEpoch() {
    return segments.stream().mapToInt(Segment::rounds).sum();
  }

  /** Rounds made before the present epoch. */
  public int roundsBefore() {
    return rounds - roundsOfEpoch();
  }

  /** Minibatches of a worker in a round. */
  public int frequency(AveragingConfig config) {
    return frequency == 0 ? config.averagingFrequency() : frequency;
  }

  /** Rounds of the last segment, if it can go on with these workers and this frequency; else 0. */
  public int roundsToResumeFrom(int workers, int ofFrequency) {
    Segment last = segments.isEmpty() ? new Segment(0, 0, 0) : segments.get(segments.size() - 1);
    return last.workers() == workers && last.frequency() == ofFrequency ? last.rounds() : 0;
  }

  /** After one more round of a plan of that frequency. */
  public OuterState after(Round round, int ofFrequency, float[] newVelocity) {
    List<Segment> made = new ArrayList<>(segments);
    int before = roundsToResumeFrom(round.workers(), ofFrequency);
    if (before > 0) {
      made.remove(made.size() - 1);
    }
    made.add(new Segment(round.workers(), ofFrequency, before + 1));
    return new OuterState(
        rounds + 1,
        examples + round.rowsPlanned(),
        made,
        newVelocity,
        rounds == 0 ? round.loss() : firstLoss,
        stepScale,
        rollbacks,
        frequency);
  }

  /** After an epoch. */
  public OuterState betweenEpochs() {
    return new OuterState(
        rounds, examples, List.of(), velocity, firstLoss, stepScale, rollbacks, frequency);
  }

  /** With another frequency from the next plan on. */
  public OuterState withFrequency(int chosen) {
    return new OuterState(
        rounds, examples, segments, velocity, firstLoss, stepScale, rollbacks, chosen);
  }

  /** After a round that is to be trained again. */
  public OuterState rolledBack() {
    return new OuterState(
        rounds, examples, segments, velocity, firstLoss, stepScale / 2, rollbacks + 1, frequency);
  }
}
