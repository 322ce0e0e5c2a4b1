package io.attune.pipeline.stage.train.data;

import io.attune.neural.averaging.config.ReplicaHook;
import io.attune.neural.network.FineTuning;
import io.attune.pipeline.encoder.EncoderReference;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gives networks the parameters of an encoder that low-rank adaptation does not train. Each JVM
 * reads them from the root once and its networks share them, so they travel in no round.
 */
public record UntrainedParameters(EncoderReference encoder) implements ReplicaHook {
  private static final long serialVersionUID = 1;

  private static Read last; // guarded by the class

  /** Holds the parameters that this JVM used last: a run needs those of one encoder. */
  private record Read(String identity, INDArray parameters) {}

  @Override
  public void onReplica(ComputationGraph network) {
    FineTuning.complete(network, parameters());
  }

  private INDArray parameters() {
    synchronized (UntrainedParameters.class) {
      if (last == null || !last.identity().equals(encoder.identity())) {
        last = new Read(encoder.identity(), FineTuning.untrained(encoder.open().pretrained()));
      }
      return last.parameters();
    }
  }

  /** Frees the memory that this JVM keeps. */
  public static void forget() {
    synchronized (UntrainedParameters.class) {
      last = null;
    }
  }
}
