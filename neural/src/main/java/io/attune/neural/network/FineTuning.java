package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.model.LabelSets;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the last blocks of a pretrained encoder: a network of these blocks and the label heads
 * takes the vectors of the blocks below, which stay as they are; after the training both become one
 * network that takes token ids.
 */
public final class FineTuning {
  private final PretrainedEncoder encoder;
  private final int frozen;
  private final ModelConfig model;
  private final Networks.Task task;
  private final Pooling pooling;

  /**
   * Cuts an encoder.
   *
   * @param encoder a whole one
   * @param trained number of its last blocks that are trained; 0 for the pooling and the heads
   *     alone
   * @param task whose rows are not longer than the encoder takes
   */
  public FineTuning(PretrainedEncoder encoder, int trained, ModelConfig model, Networks.Task task) {
    EncoderShape shape = encoder.shape();
    require(
        trained >= 0 && trained <= shape.blocks(),
        "an encoder of %d blocks cannot have %d trained",
        shape.blocks(),
        trained);
    this.encoder = encoder;
    this.model = model;
    this.task = task;
    frozen = shape.blocks() - trained;
    pooling = model.pooling().or(shape.pooling());
  }

  /** Returns the number of blocks that are not trained. */
  public int frozenBlocks() {
    return frozen;
  }

  /** Returns the network that is trained, before its first step; it takes vectors. */
  public ComputationGraph start(UpdaterConfig updater) {
    PretrainedEncoder stack = encoder.stack(frozen);
    EncoderShape shape = stack.shape().toBuilder().pooling(pooling).build();
    UpdaterConfig.LayerRates rates = updater.layerRates();
    ComputationGraphConfiguration configuration =
        Networks.configuration(
            model,
            updater,
            task,
            shape,
            new Networks.Rates(frozen == 0 ? rates.full() : 1, rates.decay(), rates.heads()));
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    Set<String> learned = names(stack.shape());
    copy(
        new Values(EncoderLayout.of(stack.shape()), stack.parameters()),
        network,
        EncoderLayout.of(shape),
        name -> learned.contains(name) ? name : null);
    return network;
  }

  /**
   * Returns a network of the whole encoder and the heads, which takes token ids and is not trained
   * any further.
   *
   * @param trained a network of {@link #start}
   */
  public ComputationGraph merged(ComputationGraph trained) {
    EncoderShape shape = encoder.shape().toBuilder().pooling(pooling).build();
    EncoderShape upper = encoder.stack(frozen).shape().toBuilder().pooling(pooling).build();
    ComputationGraph network = new ComputationGraph(Networks.configuration(model, task, shape));
    network.init();
    EncoderLayout whole = EncoderLayout.of(shape);
    Set<String> below = names(encoder.stem(frozen).shape());
    copy(
        new Values(EncoderLayout.of(encoder.shape()), encoder.parameters()),
        network,
        whole,
        name -> below.contains(name) ? name : null);
    INDArray stack = trained.getLayer(Networks.ENCODER).params();
    if (stack != null) {
      copy(
          new Values(EncoderLayout.of(upper), stack.reshape(stack.length()).toFloatVector()),
          network,
          whole,
          name -> below.contains(name) ? null : EncoderLayout.shifted(name, -frozen));
    }
    for (LabelSets.Head head : task.labels().heads()) {
      network.getLayer(head.name()).params().assign(trained.getLayer(head.name()).params());
    }
    return network;
  }

  private static Set<String> names(EncoderShape shape) {
    return Set.copyOf(EncoderLayout.of(shape).names(Role.values()));
  }

  private record Values(EncoderLayout layout, float[] flat) {}

  /**
   * Copies parameters into a network's encoder.
   *
   * @param names of the source by those of the target; null for one that stays as it is
   */
  private static void copy(
      Values from, ComputationGraph network, EncoderLayout to, UnaryOperator<String> names) {
    INDArray parameters = network.getLayer(Networks.ENCODER).params();
    if (to.length() == 0) {
      return;
    }
    float[] values = parameters.reshape(parameters.length()).toFloatVector();
    for (Slot slot : to.slots()) {
      String name = names.apply(slot.name());
      if (name != null) {
        Slot source = from.layout().slot(name);
        System.arraycopy(
            from.flat(), (int) source.offset(), values, (int) slot.offset(), (int) slot.length());
      }
    }
    parameters.assign(Nd4j.createFromArray(values).reshape(parameters.shape()));
  }
}
