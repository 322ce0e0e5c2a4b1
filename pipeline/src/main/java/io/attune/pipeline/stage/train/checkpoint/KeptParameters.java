package io.attune.pipeline.stage.train.checkpoint;

import java.util.List;

/**
 * Holds the parameters that {@link WeightAveraging} has kept of a training so far. Never changed
 * once it is made.
 *
 * @param epochEnds after the last epochs that are done, the oldest first; as many as the mean at
 *     the end of the present epoch needs
 * @param moving the exponential moving average after the last round; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; never compared.
public record KeptParameters(List<float[]> epochEnds, float[] moving) {
  /** Keeps nothing. */
  public static final KeptParameters NONE = new KeptParameters(List.of(), new float[0]);

  public KeptParameters {
    epochEnds = List.copyOf(epochEnds);
  }
}
