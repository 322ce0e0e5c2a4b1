package io.attune.pipeline.stage.train.checkpoint;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.averaging.state.NetworkState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Configures which parameters a network is published with: those at the end of its best epoch, or a
 * mean of those that the training passed through, which evens out the noise of its last steps.
 *
 * <p>Training itself goes on from the parameters that it has reached. What the validation split
 * says of an epoch, and so the choice of the epoch and the end of the training, is of the mean at
 * the end of that epoch.
 *
 * <p>Only what is trained is averaged. Each value is computed in double, apart from all others and
 * in the order of the training, and what is kept stands in the checkpoints: a training that was
 * resumed gives the same bits.
 *
 * @param epochs at whose ends the averaged parameters stood, the last of them the epoch itself;
 *     while fewer are done, all of them; 1 for no mean. Kaddour 2022, after Izmailov et al. 2018.
 * @param ema fraction of its weight that a round's result has left after one epoch more, in [0, 1):
 *     an exponential moving average over the rounds; 0 for none. It goes by rows, so that neither
 *     the number of workers nor the frequency of the rounds changes what it reaches back to.
 */
public record WeightAveraging(int epochs, double ema) {
  /** Publishes the parameters of the best epoch as they are. */
  public static final WeightAveraging OFF = new WeightAveraging(1, 0);

  public WeightAveraging {
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(ema >= 0 && ema < 1, "ema must be in [0, 1), got %s", ema);
    require(
        epochs == 1 || ema == 0,
        "epochs must be 1 where ema is above 0, got %d and %s: choose one of the two means",
        epochs,
        ema);
  }

  public boolean isOff() {
    return epochs == 1 && ema == 0;
  }

  /**
   * Returns what is kept after a round.
   *
   * @param kept before it
   * @param parameters after it
   * @param weight of the round, as {@link #weight} says
   */
  public KeptParameters afterRound(KeptParameters kept, float[] parameters, double weight) {
    if (ema == 0 || weight == 0) {
      return kept;
    }
    float[] before = kept.moving().length == 0 ? parameters : kept.moving();
    float[] moving = new float[parameters.length];
    each(moving, i -> before[i] + weight * ((double) parameters[i] - before[i]));
    return new KeptParameters(kept.epochEnds(), moving);
  }

  /**
   * Returns the weight of a round's result in the moving average after it: what it has against all
   * rounds before it, each of which has lost by the rows since. The first has 1, so that the
   * network before its first step has none (Kingma and Ba 2015, section 3).
   *
   * @param rows trained in the round
   * @param rowsDone trained so far, with those of the round
   * @param rowsOfEpoch at least 1
   */
  public double weight(long rows, long rowsDone, long rowsOfEpoch) {
    // StrictMath: the same bits on every machine.
    return rows == 0
        ? 0
        : (1 - StrictMath.pow(ema, (double) rows / rowsOfEpoch))
            / (1 - StrictMath.pow(ema, (double) rowsDone / rowsOfEpoch));
  }

  /**
   * Returns the network as it would be published with the epoch that ends: the optimizer's state
   * and the number of updates are those of the end.
   *
   * @param kept before the end of the epoch
   * @param reached at the end of the epoch
   */
  public NetworkState published(KeptParameters kept, NetworkState reached) {
    return new NetworkState(
        mean(kept, reached.parameters()), reached.updater(), reached.iteration());
  }

  private static float[] mean(KeptParameters kept, float[] reached) {
    if (kept.moving().length > 0) {
      return kept.moving();
    }
    List<float[]> averaged = withLast(kept.epochEnds(), reached);
    float[] mean = new float[reached.length];
    each(
        mean,
        i -> {
          double sum = 0;
          for (float[] parameters : averaged) {
            sum += parameters[i];
          }
          return sum / averaged.size();
        });
    return mean;
  }

  /** Returns what is kept after an epoch that reached these parameters. */
  public KeptParameters afterEpoch(KeptParameters kept, float[] reached) {
    List<float[]> all = withLast(kept.epochEnds(), reached);
    int needed = epochs - 1;
    return new KeptParameters(
        all.subList(Math.max(0, all.size() - needed), all.size()), kept.moving());
  }

  private static List<float[]> withLast(List<float[]> list, float[] last) {
    List<float[]> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  /** Computes one value of a parameter's. */
  @FunctionalInterface
  private interface Value {
    double at(int index);
  }

  private static void each(float[] results, Value value) {
    IntStream.range(0, results.length)
        .parallel()
        .forEach(index -> results[index] = (float) value.at(index));
  }
}
