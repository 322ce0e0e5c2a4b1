package io.attune.pipeline.model;

import org.nd4j.linalg.api.buffer.DataType;

/** Chooses how to compute an encoder on this machine. */
final class EncoderComputes {
  private EncoderComputes() {}

  static EncoderCompute choose(EncoderShape shape, DataType dataType) {
    return new ReferenceEncoder(shape, dataType);
  }
}
