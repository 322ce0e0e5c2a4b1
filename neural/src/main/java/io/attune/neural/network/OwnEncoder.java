package io.attune.neural.network;

import static io.attune.neural.network.Networks.ENCODER;
import static io.attune.neural.network.Networks.INPUT;
import static io.attune.neural.network.Networks.decay;

import io.attune.neural.encoder.Pooling;
import io.attune.neural.encoder.Positions;
import io.attune.neural.layer.EncoderLayer;
import io.attune.neural.layer.MaskedBidirectional;
import io.attune.neural.layer.NgramAttentionLayer;
import io.attune.neural.layer.TokenEmbeddingLayer;
import io.attune.neural.layer.TokenPoolingLayer;
import io.attune.neural.network.ModelConfig.Kind;
import io.attune.neural.ngram.NgramLayout;
import io.attune.neural.ngram.NgramShape;
import io.attune.neural.optim.LazyAdam;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.schemas.failure.Failure;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/** Describes what is below the heads of a network with a vocabulary of its own. */
record OwnEncoder(ModelConfig model, UpdaterConfig updater, Networks.Task task) {
  private static final String EMBEDDING = "embedding";
  private static final String LSTM_NAME = "lstm";

  /**
   * Limits the parameters of n-grams: the two moments of all are one file, which is read into one
   * array of bytes when a training resumes. What is kept free is for the heads.
   */
  private static final long MAX_PARAMETERS = (1L << 28) - (1 << 20);

  /** Adds the layers; returns the width of their output. */
  int addTo(GraphBuilder graph) {
    switch (model.kind()) {
      case NGRAM_ATTENTION -> {
        graph.addLayer(ENCODER, ngrams(), INPUT);
        return ngramShape().pooledWidth();
      }
      case LSTM_ATTENTION -> addLstms(graph);
      default -> graph.addLayer(ENCODER, blocks(), INPUT);
    }
    return model.width();
  }

  private NgramShape ngramShape() {
    NgramShape shape =
        new NgramShape(
            task.vocabulary(),
            task.maxTokens(),
            model.ngrams().longest(),
            model.ngrams().buckets(),
            model.width(),
            model.heads());
    long parameters = NgramLayout.of(shape).length();
    if (parameters > MAX_PARAMETERS) {
      throw new Failure.BadUsage(
          "A network of kind ngram-attention with %,d rows of n-grams (model.ngrams.buckets), %,d"
              + " of tokens and the width %,d (model.width) would have %,d parameters, and a"
              + " checkpoint holds at most %,d; lower the rows or the width",
          shape.hasNgrams() ? shape.buckets() : 0,
          shape.vocabulary(),
          shape.width(),
          parameters,
          MAX_PARAMETERS);
    }
    return shape;
  }

  private NgramAttentionLayer ngrams() {
    NgramAttentionLayer.Builder layer =
        new NgramAttentionLayer.Builder(ngramShape())
            .dropout(model.dropout())
            .seed(task.seed())
            .backend(model.backend())
            .tableUpdater(tableUpdater());
    layer.regularization(decay(updater));
    return layer.build();
  }

  /** Makes the updater of the tables, of which a batch uses a few rows. */
  private IUpdater tableUpdater() {
    double rate = updater.learningRate() * updater.layerRates().embeddings();
    return switch (updater.kind()) {
      case ADAM, ADAMW ->
          new LazyAdam(rate, updater.beta1(), updater.beta2(), updater.epsilon(), model.width());
      case SGD, NESTEROV, ADAGRAD -> Networks.updater(updater, rate);
    };
  }

  private EncoderLayer blocks() {
    EncoderLayer.Builder layer =
        new EncoderLayer.Builder()
            .nIn(task.vocabulary())
            .nOut(model.width())
            .maxTokens(task.maxTokens())
            .blocks(model.blocks())
            .heads(model.heads())
            .feedForward(model.kind() == Kind.TRANSFORMER ? model.feedForward() : 0)
            .norm(model.norm())
            .feedForwardActivation(model.activation())
            .positions(model.positions())
            .pooling(model.pooling().or(Pooling.ATTENTION))
            .dropout(model.dropout())
            .backend(model.backend())
            .precision(model.precision())
            .inference(model.inference())
            .seed(task.seed());
    layer.regularization(decay(updater));
    return layer.build();
  }

  private void addLstms(GraphBuilder graph) {
    graph.addLayer(
        EMBEDDING,
        new TokenEmbeddingLayer.Builder()
            .nIn(task.vocabulary())
            .nOut(model.width())
            .maxTokens(task.maxTokens())
            .positions(Positions.NONE)
            .wordDropout(model.dropout().word())
            .backend(model.backend())
            .build(),
        INPUT);
    String below = EMBEDDING;
    for (int i = 0; i < model.layers(); i++) {
      LSTM.Builder direction =
          new LSTM.Builder().nIn(model.width()).nOut(model.width() / 2).activation(Activation.TANH);
      direction.regularization(decay(updater));
      graph.addLayer(LSTM_NAME + i, new MaskedBidirectional(direction.build()), below);
      below = LSTM_NAME + i;
    }
    TokenPoolingLayer.Builder pooling =
        new TokenPoolingLayer.Builder()
            .nIn(model.width())
            .pooling(model.pooling().or(Pooling.ATTENTION))
            .outputDropout(model.dropout().output())
            .backend(model.backend());
    pooling.regularization(decay(updater));
    graph.addLayer(ENCODER, pooling.build(), below);
  }
}
