package io.attune.pipeline.train.averaging;

import java.util.ArrayList;
import java.util.List;

/**
 * What the master carries from round to round beside the network. With it and the {@link
 * NetworkState} a training goes on where another stopped. Never changed once it is made.
 *
 * @param rounds made since the training began
 * @param examples seen by all workers together since then: what the {@link Schedule} goes by
 * @param legs rounds of the present epoch that are made; empty between epochs
 * @param velocity of the outer optimizer, one value for each parameter; empty if it has none yet
 * @param firstLoss of the first round; 0 before it
 * @param stepScale share of the learning rate that rollbacks have left
 * @param rollbacks made so far
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
public record OuterState(
    int rounds,
    long examples,
    List<Leg> legs,
    float[] velocity,
    double firstLoss,
    double stepScale,
    int rollbacks) {
  /** Before the first round. */
  public static final OuterState START = new OuterState(0, 0, List.of(), new float[0], 0, 1, 0);

  public OuterState {
    legs = List.copyOf(legs);
  }

  /** Rounds of the present epoch that are made. */
  int roundsOfEpoch() {
    return legs.stream().mapToInt(Leg::rounds).sum();
  }

  /** Rounds made before the present epoch. */
  int roundsBefore() {
    return rounds - roundsOfEpoch();
  }

  /** Rounds of the last leg, if these workers can go on with it; else 0. */
  int roundsToGoOnFrom(int workers) {
    if (legs.isEmpty() || legs.get(legs.size() - 1).workers() != workers) {
      return 0;
    }
    return legs.get(legs.size() - 1).rounds();
  }

  /** After one more round of so many workers. */
  OuterState after(Round round, float[] newVelocity) {
    List<Leg> made = new ArrayList<>(legs);
    int before = roundsToGoOnFrom(round.workers());
    if (before > 0) {
      made.remove(made.size() - 1);
    }
    made.add(new Leg(round.workers(), before + 1));
    return new OuterState(
        rounds + 1,
        examples + round.rowsPlanned(),
        made,
        newVelocity,
        rounds == 0 ? round.loss() : firstLoss,
        stepScale,
        rollbacks);
  }

  /** After an epoch. */
  OuterState betweenEpochs() {
    return new OuterState(rounds, examples, List.of(), velocity, firstLoss, stepScale, rollbacks);
  }

  /** After a round that is to be trained again. */
  OuterState rolledBack() {
    return new OuterState(
        rounds, examples, legs, velocity, firstLoss, stepScale / 2, rollbacks + 1);
  }
}
