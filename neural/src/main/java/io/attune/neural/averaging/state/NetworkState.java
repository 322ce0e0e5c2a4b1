package io.attune.neural.averaging.state;

import io.attune.schemas.failure.Failure;
import java.io.Serializable;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the state from which a network resumes where another stopped. Never changed once it is
 * made.
 *
 * @param parameters in DL4J's order
 * @param updater the optimizer's state in DL4J's order; empty where it has none
 * @param iteration updates made so far: counted by bias correction and schedules
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes of floats; identity is all that is compared.
public record NetworkState(float[] parameters, float[] updater, int iteration)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /**
   * Copies the state out of a network.
   *
   * @throws Failure.BadUsage if its parameters are not of type float
   */
  public static NetworkState of(ComputationGraph network) {
    INDArray parameters = network.params();
    if (parameters.dataType() != DataType.FLOAT) {
      throw new Failure.BadUsage(
          "Parameter averaging works on networks of data type FLOAT, this one is %s; build it with"
              + " dataType(DataType.FLOAT)",
          parameters.dataType());
    }
    INDArray updater = network.getUpdater().getStateViewArray();
    return new NetworkState(
        floats(parameters),
        updater == null ? new float[0] : floats(updater),
        network.getConfiguration().getIterationCount());
  }

  /**
   * Copies the state into a network of the same configuration.
   *
   * @throws IllegalArgumentException if the network is of another size
   */
  public void copyTo(ComputationGraph network) {
    copy(parameters, network.params(), "parameters");
    INDArray view = network.getUpdater().getStateViewArray();
    if (view != null || updater.length > 0) {
      copy(updater, view, "values of updater state");
    }
    network.getConfiguration().setIterationCount(iteration);
  }

  /** Returns the same network with a fresh optimizer. */
  public NetworkState withoutInnerState() {
    return new NetworkState(parameters, new float[updater.length], 0);
  }

  /** Returns whether every number is finite. */
  public boolean isFinite() {
    return isFinite(parameters) && isFinite(updater);
  }

  private static boolean isFinite(float[] values) {
    // Magnitudes order as the bits below the sign do; infinity is above every finite number, and
    // NaN above infinity. Integers: sums of floats wait for each other.
    int largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    return largest < Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  }

  private static float[] floats(INDArray array) {
    float[] floats = new float[Math.toIntExact(array.length())];
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    pointer(array).get(floats);
    return floats;
  }

  private static void copy(float[] from, INDArray to, String what) {
    long length = to == null ? 0 : to.length();
    if (from.length != length) {
      throw new IllegalArgumentException(
          "The state has %d %s, the network %d: they have different configurations"
              .formatted(from.length, what, length));
    }
    pointer(to).put(from);
    Nd4j.getAffinityManager().tagLocation(to, AffinityManager.Location.HOST);
  }

  /** Returns a pointer for bulk access: element by element takes a hundred times as long. */
  private static FloatPointer pointer(INDArray array) {
    if (array.elementWiseStride() != 1) {
      throw new IllegalStateException(
          "A network's flat view has stride 1, got " + array.shapeInfoToString());
    }
    return new FloatPointer(array.data().pointer()).position(array.offset());
  }
}
