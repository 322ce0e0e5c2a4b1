package io.attune.neural.pretrained;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import java.util.Random;

/** Makes encoders whose parameters are all different, as those of a trained one. */
public final class RandomEncoders {
  private RandomEncoders() {}

  /**
   * Returns an encoder, the same for the same shape and deviation.
   *
   * @param deviation of every parameter, from 1 for gains and from 0 for others
   */
  public static PretrainedEncoder of(EncoderShape shape, double deviation) {
    EncoderLayout layout = EncoderLayout.of(shape);
    float[] parameters = new float[(int) layout.length()];
    Random random = new Random(5);
    for (Slot slot : layout.slots()) {
      for (long i = slot.offset(); i < slot.end(); i++) {
        double value = deviation * random.nextGaussian();
        parameters[(int) i] = (float) (slot.name().endsWith(".gain") ? 1 + value : value);
      }
    }
    return new PretrainedEncoder(shape, parameters);
  }
}
