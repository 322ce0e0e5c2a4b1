package io.attune.neural.layer;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Reads a sequence in both directions by two recurrent layers of a kind and concatenates their
 * outputs, as DL4J's {@link Bidirectional} with {@link Bidirectional.Mode#CONCAT}; padding changes
 * nothing.
 *
 * <p>With DL4J's own (1.0.0-M2.1) it does: its LSTM does not use the mask of a graph, so that the
 * direction that begins with padding starts each row in another state, and the backward pass
 * ignores a mask altogether. Here each direction receives the real tokens of each row first, in its
 * order, and needs no mask.
 *
 * <p>Input: {@code [batch, features, time]} with a mask {@code [batch, time]} or none. Output:
 * {@code [batch, 2 * nOut, time]}, 0 at padding, with the same mask.
 */
public final class MaskedBidirectional extends Bidirectional {
  private static final long serialVersionUID = 1;

  /** Makes an empty layer, which DL4J fills from JSON. */
  MaskedBidirectional() {}

  /**
   * Makes a layer of two directions of a kind.
   *
   * @param layer one direction; maps sequences to sequences of its {@code nOut} features
   */
  public MaskedBidirectional(FeedForwardLayer layer) {
    super(Mode.CONCAT, layer);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    INDArray flat = parameters.reshape(parameters.length());
    long half = flat.length() / 2;
    Layer[] directions = new Layer[2];
    for (int i = 0; i < 2; i++) {
      NeuralNetConfiguration own = configuration.clone();
      own.setLayer(i == 0 ? getFwd() : getBwd());
      INDArray part = flat.get(NDArrayIndex.interval(i * half, (i + 1) * half));
      directions[i] =
          own.getLayer()
              .instantiate(own, listeners, layerIndex, part, initializeParameters, dataType);
    }
    MaskedBidirectionalImpl running =
        new MaskedBidirectionalImpl(configuration, directions[0], directions[1], parameters);
    running.setParamTable(initializer().init(configuration, parameters, initializeParameters));
    running.setConf(configuration);
    return running;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskedBidirectional && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof MaskedBidirectional;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + 1;
  }
}
