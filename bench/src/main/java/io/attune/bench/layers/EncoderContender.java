package io.attune.bench.layers;

import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.EncoderShape.Part;
import io.attune.neural.encoder.Inference;
import io.attune.neural.encoder.Precision;
import io.attune.neural.layer.EncoderLayer;
import io.attune.neural.layer.EncoderStackLayer;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.DecoupledWeightDecay;
import io.attune.neural.optim.FusedAdam;
import io.attune.neural.optim.InPlaceUpdater;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Runs a network with Attune's encoder in this JVM. */
final class EncoderContender implements Contender {
  /** Holds the name of the one that rounds to 8-bit integers. */
  static final String INT8 = "attune (int8)";

  private final Precision precision;
  private final Inference inference;
  private final EncoderCase given;
  private final EncoderBatches batches;
  private final ComputationGraph network;
  private int step;

  EncoderContender(EncoderCase given, EncoderBatches batches, Precision precision) {
    this(given, batches, precision, Inference.AS_TRAINED);
  }

  /** Makes one whose dense layers round to 8-bit integers. */
  static EncoderContender int8(EncoderCase given, EncoderBatches batches) {
    return new EncoderContender(given, batches, Precision.AUTO, Inference.INT8);
  }

  private EncoderContender(
      EncoderCase given, EncoderBatches batches, Precision precision, Inference inference) {
    this.given = given;
    this.batches = batches;
    this.precision = precision;
    this.inference = inference;
    network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FusedAdam(EncoderCase.RATE, 0.9, 0.999, 1e-8))
                .regularization(List.of(new DecoupledWeightDecay(EncoderCase.DECAY)))
                .graphBuilder()
                .addInputs("input")
                .addLayer("encoder", encoder(), "input")
                .addLayer(
                    "label",
                    new OutputLayer.Builder(new LossMCXENT())
                        .nIn(given.whole().width())
                        .nOut(EncoderCase.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "encoder")
                .setOutputs("label")
                .build());
    network.init();
    if (given.trains()) {
      InPlaceUpdater.installIn(network);
    } else {
      Networks.freeze(network); // as the model of a bundle
    }
    run(1);
  }

  private Layer encoder() {
    if (!given.trains()) {
      return new EncoderLayer.Builder()
          .shape(given.whole())
          .precision(precision)
          .inference(inference)
          .build();
    }
    EncoderShape whole = given.whole();
    EncoderShape stack =
        EncoderShape.builder(Part.STACK, whole.width())
            .maxTokens(whole.maxTokens())
            .blocks(given.blocks())
            .heads(whole.heads())
            .feedForward(whole.feedForward())
            .norm(whole.norm())
            .normEpsilon(whole.normEpsilon())
            .activation(whole.activation())
            .pooling(whole.pooling())
            .build();
    return new EncoderStackLayer.Builder().shape(stack).precision(precision).build();
  }

  static String name(Precision precision) {
    return "attune (" + precision.word() + ")";
  }

  @Override
  public String name() {
    return inference == Inference.INT8 ? INT8 : name(precision);
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(
        steps, () -> NetworkSteps.take(network, batches.get(step++), given.trains()));
  }

  @Override
  public void close() {
    network.clear();
  }
}
