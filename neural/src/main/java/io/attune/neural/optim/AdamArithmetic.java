package io.attune.neural.optim;

import io.attune.neural.Nd4jDevice;
import io.attune.neural.cpu.Kernels;
import io.attune.neural.memory.Floats;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Holds what the updaters have in common that compute Adam by {@link Kernels}. */
final class AdamArithmetic {
  private AdamArithmetic() {}

  /** Returns a step with its bias correction; iterations count from 0. */
  static Kernels.AdamStep step(Adam config, int iteration, int epoch) {
    double rate = config.getLearningRate(iteration, epoch);
    double meanCorrection = 1 - Math.pow(config.getBeta1(), iteration + 1.0);
    double squareCorrection = 1 - Math.pow(config.getBeta2(), iteration + 1.0);
    return new Kernels.AdamStep(
        (float) (rate * Math.sqrt(squareCorrection) / meanCorrection),
        (float) config.getBeta1(),
        (float) config.getBeta2(),
        (float) config.getEpsilon());
  }

  /** Returns whether kernels can compute on all of some arrays. */
  static boolean fits(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.dataType() != DataType.FLOAT
          || !Nd4jDevice.isCpu()
          || array.length() > Floats.MAX_LENGTH
          || array.elementWiseStride() != 1) {
        return false;
      }
    }
    return true;
  }
}
