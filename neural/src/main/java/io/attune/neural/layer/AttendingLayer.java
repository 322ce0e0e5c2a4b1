package io.attune.neural.layer;

import io.attune.neural.encoder.Attention;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Defines a layer of a running network whose attention weights can be computed. */
public interface AttendingLayer {

  /** Returns whether the layer has attention weights: some layers of this kind have none. */
  boolean attends();

  /** Returns whether the layer pools, so that its attention has weights of the pooling. */
  boolean pools();

  /** Computes the layer's attention weights for a batch, without dropout. */
  Attention attention(INDArray values, INDArray mask);
}
