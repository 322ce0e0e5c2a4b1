package io.attune.neural.network;

import static io.attune.schemas.Requirements.require;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.layer.EncoderLayer;
import io.attune.neural.layer.EncoderLayerImpl;
import io.attune.neural.layer.EncoderStackLayer;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.optim.DecoupledWeightDecay;
import io.attune.neural.optim.FusedAdam;
import io.attune.neural.optim.SmoothedCrossEntropy;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Builds the networks of Attune.
 *
 * <p>A network has one input, {@value #INPUT}: token ids {@code [batch, time]}, floats, 0 at
 * padding, with a feature mask {@code [batch, time]} of 1 for real tokens and 0 for padding. It has
 * one output for each label head, in the order of the {@link LabelSets} and named as the head:
 * class probabilities {@code [batch, classes]}. Labels are one-hot rows {@code [batch, classes]}; a
 * label mask {@code [batch, 1]} is 0 where a row has no label for the head, and such a row adds
 * nothing to the head's loss and gradient.
 *
 * <p>A network that trains the upper blocks of a pretrained encoder takes vectors {@code [batch,
 * width, time]} in place of the token ids; see {@link FineTuning}.
 *
 * <p>The loss is the sum over heads of the cross-entropy of all labelled rows, divided by the rows
 * of the batch, labelled or not: every label weighs the same in whatever batch it is, so that
 * batches can be merged or averaged by their rows.
 */
public final class Networks {
  /** Names the one input. */
  public static final String INPUT = "tokens";

  /** Names the layer whose output is one vector for each row. */
  public static final String ENCODER = "encoder";

  private Networks() {}

  /**
   * Describes the task of a network.
   *
   * @param vocabulary token ids are below it
   * @param maxTokens the longest row, padding included
   * @param seed of the initial parameters and of dropout
   * @param labelCounts rows to train by head and class, for {@link ModelConfig#balanceClasses}
   */
  public record Task(
      int vocabulary,
      int maxTokens,
      LabelSets labels,
      long seed,
      Map<String, Map<String, Long>> labelCounts) {
    public Task {
      labelCounts = Map.copyOf(labelCounts);
    }

    /** Describes a task without counts of rows. */
    public Task(int vocabulary, int maxTokens, LabelSets labels, long seed) {
      this(vocabulary, maxTokens, labels, seed, Map.of());
    }
  }

  /** Describes the network; the same arguments give the same parameters. */
  public static ComputationGraphConfiguration configuration(
      ModelConfig model, UpdaterConfig updater, Task task) {
    return configuration(model, updater, task, DataType.FLOAT);
  }

  /** States that a network's parameters never change again, which makes its inference faster. */
  public static void freeze(ComputationGraph network) {
    for (Layer layer : network.getLayers()) {
      if (layer instanceof EncoderLayerImpl encoder) {
        encoder.freeze();
      }
    }
  }

  /**
   * Returns the bytes that the encoders of a network hold outside the heap for backward passes;
   * they grow with the largest batch so far.
   */
  public static long keptBytes(ComputationGraph network) {
    return Arrays.stream(network.getLayers())
        .filter(EncoderLayerImpl.class::isInstance)
        .mapToLong(layer -> ((EncoderLayerImpl) layer).keptBytes())
        .sum();
  }

  static ComputationGraphConfiguration configuration(
      ModelConfig model, UpdaterConfig updater, Task task, DataType dataType) {
    require(model.kind() != Kind.LINEAR, "a model of kind linear has no network");
    requireOneRegularization(model, updater);
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .updater(updater(updater, updater.learningRate()))
            .l2(model.l2())
            .seed(task.seed())
            .dataType(dataType)
            .graphBuilder()
            .addInputs(INPUT);
    return withHeads(
        graph, model, task, new OwnEncoder(model, updater, task).addTo(graph), decay(updater));
  }

  /**
   * Describes a network over the upper part of an encoder, which takes vectors.
   *
   * @param upper what is trained of the encoder
   */
  static ComputationGraphConfiguration configuration(
      ModelConfig model, UpdaterConfig updater, Task task, Upper upper) {
    Rates rates = upper.rates();
    requireOneRegularization(model, updater);
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .l2(model.l2())
            .seed(task.seed())
            .dataType(DataType.FLOAT)
            .updater(updater(updater, updater.learningRate() * rates.heads()))
            .graphBuilder()
            .addInputs(INPUT);
    EncoderStackLayer.Builder encoder =
        new EncoderStackLayer.Builder()
            .shape(upper.shape())
            .dropout(model.dropout())
            .backend(model.backend())
            .precision(model.precision())
            .seed(task.seed())
            .rateDecay(rates.decay())
            .updater(updater(updater, updater.learningRate() * rates.encoder()));
    encoder.regularization(decay(updater));
    if (upper.adapts()) {
      encoder.lora(model.lora());
    }
    graph.addLayer(ENCODER, encoder.build(), INPUT);
    return withHeads(graph, model, task, upper.shape().width(), decay(updater));
  }

  /**
   * Returns the weight decay for a layer of its own. DL4J 1.0.0-M2.1 adds that of a whole network
   * to each layer twice.
   */
  static List<Regularization> decay(UpdaterConfig updater) {
    List<Regularization> decay = new ArrayList<>(); // DL4J may add to it
    if (updater.weightDecay() > 0) {
      decay.add(new DecoupledWeightDecay(updater.weightDecay()));
    }
    return decay;
  }

  /** Describes a network over a whole encoder of a shape that is not trained any further. */
  static ComputationGraphConfiguration configuration(
      ModelConfig model, Task task, EncoderShape shape) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .seed(task.seed())
            .dataType(DataType.FLOAT)
            .graphBuilder()
            .addInputs(INPUT);
    EncoderLayer encoder =
        new EncoderLayer.Builder()
            .shape(shape)
            .backend(model.backend())
            .precision(model.precision())
            .inference(model.inference())
            .seed(task.seed())
            .build();
    graph.addLayer(ENCODER, encoder, INPUT);
    return withHeads(graph, model, task, shape.width(), List.of());
  }

  /**
   * Holds what is trained of an encoder.
   *
   * @param shape of a stack
   * @param adapts whether by low-rank adaptation
   * @param rates factors of the learning rate of the encoder and of the heads
   */
  record Upper(EncoderShape shape, boolean adapts, Rates rates) {}

  /**
   * Holds factors of the learning rate.
   *
   * @param encoder of its last block
   * @param decay of a block below another, as a fraction of that one's rate
   */
  record Rates(double encoder, double decay, double heads) {}

  private static ComputationGraphConfiguration withHeads(
      GraphBuilder graph,
      ModelConfig model,
      Task task,
      int width,
      List<Regularization> regularization) {
    for (LabelSets.Head head : task.labels().heads()) {
      require(
          !head.name().equals(INPUT) && !graph.getVertices().containsKey(head.name()),
          "a label head must not be named '%s', the network has a part of that name",
          head.name());
      OutputLayer.Builder output = output(model, task, head, width);
      output.regularization(new ArrayList<>(regularization));
      graph.addLayer(head.name(), output.build(), ENCODER);
    }
    List<String> heads = task.labels().heads().stream().map(LabelSets.Head::name).toList();
    return graph.setOutputs(heads.toArray(String[]::new)).build();
  }

  private static void requireOneRegularization(ModelConfig model, UpdaterConfig updater) {
    require(
        model.l2() == 0 || updater.weightDecay() == 0,
        "l2 of the model and weight-decay of the updater cannot both be above 0, got %s and %s",
        model.l2(),
        updater.weightDecay());
  }

  private static OutputLayer.Builder output(
      ModelConfig model, Task task, LabelSets.Head head, int width) {
    return new OutputLayer.Builder(
            new SmoothedCrossEntropy(
                model.labelSmoothing(), ClassWeights.of(model, head, task.labelCounts())))
        .nIn(width)
        .nOut(head.classes().size())
        .activation(Activation.SOFTMAX);
  }

  /** Makes the updater of a configuration with another learning rate. */
  static IUpdater updater(UpdaterConfig config, double rate) {
    return switch (config.kind()) {
      case SGD -> new Sgd(rate);
      case NESTEROV -> new Nesterovs(rate, config.beta1());
      case ADAM, ADAMW -> new FusedAdam(rate, config.beta1(), config.beta2(), config.epsilon());
      case ADAGRAD -> new AdaGrad(rate, config.epsilon());
    };
  }
}
