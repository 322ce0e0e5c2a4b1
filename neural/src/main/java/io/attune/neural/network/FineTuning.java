package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.encoder.EncoderLayout.Role;
import io.attune.neural.encoder.EncoderLayout.Slot;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Pooling;
import io.attune.neural.layer.EncoderLayerImpl;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.schemas.model.LabelSets;
import java.util.Optional;
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
  private final boolean adapts;
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
    this(encoder, trained, model, task, model.tune() == ModelConfig.Tune.LORA);
  }

  private FineTuning(
      PretrainedEncoder encoder,
      int trained,
      ModelConfig model,
      Networks.Task task,
      boolean adapts) {
    EncoderShape shape = encoder.shape();
    require(
        trained >= 0 && trained <= shape.blocks(),
        "an encoder of %d blocks cannot have %d trained",
        shape.blocks(),
        trained);
    require(
        !adapts || trained == shape.blocks(),
        "low-rank adaptation trains all %d blocks of an encoder, got %d",
        shape.blocks(),
        trained);
    this.encoder = encoder;
    this.model = model;
    this.task = task;
    this.adapts = adapts;
    frozen = shape.blocks() - trained;
    pooling = model.pooling().or(shape.pooling());
  }

  /**
   * Cuts an encoder to train whole blocks, also where {@code model} asks for low-rank adaptation:
   * to measure what a block costs.
   */
  public static FineTuning ofBlocks(
      PretrainedEncoder encoder, int trained, ModelConfig model, Networks.Task task) {
    return new FineTuning(encoder, trained, model, task, false);
  }

  /** Returns the same for a network that starts from another seed. */
  public FineTuning withSeed(long seed) {
    Networks.Task seeded =
        new Networks.Task(
            task.vocabulary(), task.maxTokens(), task.labels(), seed, task.labelCounts());
    return new FineTuning(encoder, encoder.shape().blocks() - frozen, model, seeded, adapts);
  }

  /** Returns the number of blocks that are not trained. */
  public int frozenBlocks() {
    return frozen;
  }

  /**
   * Returns the pooling, if neither the blocks nor the pooling have anything to train: then the
   * network may be given one pooled vector of each row, {@code [batch, width, 1]}, in place of
   * those of its tokens.
   */
  public Optional<Pooling> frozenPooling() {
    return frozen == encoder.shape().blocks()
            && pooling != Pooling.ATTENTION
            && !encoder.shape().hasFinalNorm()
        ? Optional.of(pooling)
        : Optional.empty();
  }

  /** Describes the network that is trained; it takes vectors. */
  public ComputationGraphConfiguration configuration(UpdaterConfig updater) {
    UpdaterConfig.LayerRates rates = updater.layerRates();
    return Networks.configuration(
        model,
        updater,
        task,
        new Networks.Upper(
            upper(),
            adapts,
            adapts
                ? new Networks.Rates(rates.lora(), 1, rates.heads())
                : new Networks.Rates(
                    frozen == 0 ? rates.full() : 1, rates.decay(), rates.heads())));
  }

  /**
   * Returns the parameters that low-rank adaptation does not train, in the order of a stack of all
   * blocks.
   */
  public static INDArray untrained(PretrainedEncoder encoder) {
    return Nd4j.createFromArray(encoder.stack(0).parameters());
  }

  /**
   * Completes a network whose configuration or trained parameters came from elsewhere.
   *
   * @param network with low-rank adaptation
   * @param untrained as {@link #untrained} returns them; networks may share them
   */
  public static void complete(ComputationGraph network, INDArray untrained) {
    ((EncoderLayerImpl) network.getLayer(Networks.ENCODER)).adapt(untrained);
  }

  /** Returns the network that is trained, before its first step. */
  public ComputationGraph start(UpdaterConfig updater) {
    ComputationGraph network = new ComputationGraph(configuration(updater));
    network.init();
    Set<String> known = names(encoder.shape());
    copy(
        learned(),
        network,
        adapts ? EncoderLayout.adapted(upper(), model.lora()) : EncoderLayout.of(upper()),
        name -> {
          String whole = EncoderLayout.shifted(name, frozen);
          return known.contains(whole) ? whole : null;
        });
    if (adapts) {
      complete(network, untrained(encoder));
    }
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
    ComputationGraph network = new ComputationGraph(Networks.configuration(model, task, shape));
    network.init();
    EncoderLayout whole = EncoderLayout.of(shape);
    Set<String> below = names(encoder.stemShape(frozen));
    copy(learned(), network, whole, name -> below.contains(name) ? name : null);
    INDArray stack = ((EncoderLayerImpl) trained.getLayer(Networks.ENCODER)).effectiveParameters();
    if (stack != null) {
      copy(
          new Values(EncoderLayout.of(upper()), stack.reshape(stack.length()).toFloatVector()),
          network,
          whole,
          name -> below.contains(name) ? null : EncoderLayout.shifted(name, -frozen));
    }
    for (LabelSets.Head head : task.labels().heads()) {
      network.getLayer(head.name()).params().assign(trained.getLayer(head.name()).params());
    }
    return network;
  }

  /** Returns the shape of the blocks that are trained, with the pooling. */
  private EncoderShape upper() {
    return encoder.stackShape(frozen).toBuilder().pooling(pooling).build();
  }

  private Values learned() {
    return new Values(EncoderLayout.of(encoder.shape()), encoder.parameters());
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
