package io.attune.pipeline.model;

import io.attune.pipeline.model.ModelConfig.Activation;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The position-wise feed-forward layer (Vaswani et al. 2017, 3.3). */
final class ReferenceFeedForward implements ReferenceSublayer.Function {
  private final boolean gelu;
  private final Map<String, INDArray> weights;
  private final String name;
  private final INDArray factors;

  private INDArray input;
  private INDArray hidden;
  private INDArray active;

  ReferenceFeedForward(
      EncoderShape shape,
      Map<String, INDArray> weights,
      String name,
      PaddedBatch batch,
      Noise.Site site) {
    gelu = shape.activation() == Activation.GELU;
    this.weights = weights;
    this.name = name;
    factors = site.active() ? batch.tokenFactors(site, shape.feedForward()) : null;
  }

  @Override
  public INDArray forward(INDArray x) {
    input = x;
    hidden = x.mmul(weights.get(name + ".in.weight")).addiRowVector(weights.get(name + ".in.bias"));
    active = gelu ? hidden.mul(normalShare(hidden)) : Transforms.relu(hidden, true);
    if (factors != null) {
      active.muli(factors);
    }
    return active
        .mmul(weights.get(name + ".out.weight"))
        .addiRowVector(weights.get(name + ".out.bias"));
  }

  /** Share of the standard normal distribution below each value. */
  private static INDArray normalShare(INDArray x) {
    return Nd4j.getExecutioner().exec(new Erf(x.div(Math.sqrt(2)))).addi(1).divi(2);
  }

  private static INDArray normalDensity(INDArray x) {
    return Transforms.exp(x.mul(x).muli(-0.5), false).divi(Math.sqrt(2 * Math.PI));
  }

  @Override
  public INDArray backward(INDArray dOut, Map<String, INDArray> gradients) {
    gradients.get(name + ".out.weight").addi(active.transpose().mmul(dOut));
    gradients.get(name + ".out.bias").addi(dOut.sum(true, 0));
    INDArray dHidden = dOut.mmul(weights.get(name + ".out.weight").transpose());
    if (factors != null) {
      dHidden.muli(factors);
    }
    INDArray slope =
        gelu
            ? normalShare(hidden).addi(hidden.mul(normalDensity(hidden)))
            : hidden.gt(0).castTo(hidden.dataType());
    dHidden.muli(slope);
    gradients.get(name + ".in.weight").addi(input.transpose().mmul(dHidden));
    gradients.get(name + ".in.bias").addi(dHidden.sum(true, 0));
    return dHidden.mmul(weights.get(name + ".in.weight").transpose());
  }
}
