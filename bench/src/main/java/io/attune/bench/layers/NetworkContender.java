package io.attune.bench.layers;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.InPlaceUpdater;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.model.LabelSets;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Runs a DL4J network in this JVM. */
public final class NetworkContender implements Contender {
  /** Names {@link #dl4j} in reports. */
  static final String DL4J = "dl4j's own layers";

  private static final double RATE = 1e-3;

  private final String name;
  private final ComputationGraph network;
  private final SyntheticBatches batches;
  private final boolean trains;
  private int step;

  private NetworkContender(
      String name,
      ComputationGraphConfiguration configuration,
      BenchCase given,
      SyntheticBatches batches) {
    this.name = name;
    this.batches = batches;
    trains = given.trains();
    network = new ComputationGraph(configuration);
    network.init();
  }

  /**
   * Makes a contender of Attune's layers.
   *
   * @param backend of the encoder
   */
  static NetworkContender attune(BenchCase given, SyntheticBatches batches, BackendChoice backend) {
    NetworkContender contender =
        new NetworkContender(
            attuneName(backend), attuneNetwork(given, RATE, 1, backend), given, batches);
    InPlaceUpdater.installIn(contender.network); // as in workers of the averaging master
    contender.run(1);
    return contender;
  }

  /** Returns the name of {@link #attune} in reports. */
  static String attuneName(BackendChoice backend) {
    return "attune (" + backend.word() + ")";
  }

  /** Describes the network of {@link #attune}, with Adam of that learning rate. */
  public static ComputationGraphConfiguration attuneNetwork(
      BenchCase given, double rate, long seed, BackendChoice backend) {
    ModelConfig model =
        ModelConfig.builder(given.kind())
            .layers(given.layers())
            .heads(BenchCase.HEADS)
            .width(given.width())
            .feedForward(given.feedForward())
            .backend(backend)
            .build();
    UpdaterConfig adam = new UpdaterConfig(UpdaterConfig.Kind.ADAM, rate, 0.9, 0.999, 1e-8, 0);
    LabelSets labels =
        new LabelSets(List.of(new LabelSets.Head("label", List.of("a", "b", "c", "d"))));
    return Networks.configuration(
        model, adam, new Networks.Task(BenchCase.VOCABULARY, given.tokens(), labels, seed));
  }

  /**
   * Makes a contender of DL4J's own layers: the most similar network that they permit, without
   * positions, norm and residual.
   */
  static NetworkContender dl4j(BenchCase given, SyntheticBatches batches) {
    return new NetworkContender(DL4J, dl4jNetwork(given, RATE, 1), given, batches);
  }

  /** Describes the network of {@link #dl4j}, with Adam of that learning rate. */
  public static ComputationGraphConfiguration dl4jNetwork(BenchCase given, double rate, long seed) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new Adam(rate))
            .graphBuilder()
            .addInputs("tokens")
            .setInputTypes(InputType.recurrent(BenchCase.VOCABULARY, given.tokens()))
            .addLayer(
                "embedding",
                new EmbeddingSequenceLayer.Builder()
                    .nIn(BenchCase.VOCABULARY)
                    .nOut(given.width())
                    .build(),
                "tokens");
    String last = "embedding";
    for (int layer = 0; layer < given.layers(); layer++) {
      String next = "attention" + layer;
      graph.addLayer(
          next,
          new SelfAttentionLayer.Builder()
              .nIn(given.width())
              .nOut(given.width())
              .nHeads(BenchCase.HEADS)
              .headSize(given.width() / BenchCase.HEADS)
              .projectInput(true)
              .build(),
          last);
      last = next;
    }
    return graph
        .addLayer("pooling", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last)
        .addLayer(
            "label",
            new OutputLayer.Builder(new LossMCXENT())
                .nIn(given.width())
                .nOut(BenchCase.CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "pooling")
        .setOutputs("label")
        .build();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(steps, () -> NetworkSteps.take(network, batches.get(step++), trains));
  }

  @Override
  public void close() {
    network.clear();
  }
}
