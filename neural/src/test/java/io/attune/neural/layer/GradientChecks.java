package io.attune.neural.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares gradients of networks with differences of their scores, by DL4J's own check, in double
 * precision. It tries every value of every parameter by two passes: the networks must be narrow.
 */
public final class GradientChecks {
  private GradientChecks() {}

  /** Holds a network of doubles and its batch. */
  public record Case(ComputationGraph network, MultiDataSet batch) {}

  /**
   * Fails if a gradient is wrong.
   *
   * @param given called while double is ND4J's default type
   */
  public static void requireRight(Supplier<Case> given) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    try {
      Case one = given.get();
      boolean passed =
          GradientCheckUtil.checkGradients(
              new GradientCheckUtil.GraphConfig()
                  .net(one.network())
                  .epsilon(1e-6)
                  .maxRelError(1e-4)
                  .minAbsoluteError(1e-8)
                  .inputs(one.batch().getFeatures())
                  .labels(one.batch().getLabels())
                  .inputMask(one.batch().getFeaturesMaskArrays())
                  .labelMask(one.batch().getLabelsMaskArrays()));

      assertThat(passed).isTrue();
    } finally {
      Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }
  }
}
