package io.attune.pipeline.stage.train;

import io.attune.neural.network.FineTuning;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.States;
import io.attune.pipeline.stage.train.data.StemReference;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Trains the last blocks of a pretrained encoder on the vectors of the blocks below. */
final class TunedEncoder implements NetworkPlan {
  private final TrainingSpec spec;
  private final EncoderCard card;
  private final TuneChoice choice;
  private final FineTuning tuning;
  private final States states;

  private TunedEncoder(
      TrainingSpec spec, EncoderCard card, TuneChoice choice, FineTuning tuning, States states) {
    this.spec = spec;
    this.card = card;
    this.choice = choice;
    this.tuning = tuning;
    this.states = states;
  }

  /**
   * Plans a training.
   *
   * @throws Failure.BadInput if a row is longer than the encoder takes
   */
  static TunedEncoder of(
      StageContext context, TrainingData data, TrainingSpec spec, EncoderArtefact artefact) {
    PretrainedEncoder encoder = artefact.pretrained();
    requireFits(data, artefact, encoder);
    StemReference whole =
        new StemReference(
            artefact.reference(context.spark().sparkContext()),
            encoder.shape().blocks(),
            spec.model().backend(),
            spec.model().precision());
    TuneChoice choice = TuneChoice.of(new TuneChoice.Case(context, data, spec, encoder, whole));
    context.progress().update(0, 1, artefact.card().name() + ": " + choice.note());
    FineTuning tuning = new FineTuning(encoder, choice.trained(), spec.model(), spec.task(data));
    States states =
        new States(
            context,
            new States.Source(
                data.folder(),
                data.identity(),
                data.index(),
                whole.below(tuning.frozenBlocks()),
                encoder.shape().width(),
                data.provenance()));
    return new TunedEncoder(spec, artefact.card(), choice, tuning, states);
  }

  private static void requireFits(
      TrainingData data, EncoderArtefact artefact, PretrainedEncoder encoder) {
    if (data.index().maxTokens() > encoder.shape().maxTokens()
        || data.index().vocabulary() > encoder.shape().vocabulary()) {
      throw new Failure.BadInput(
          "The dataset '%s' has rows of %d tokens with ids below %d, and the encoder '%s' takes at"
              + " most %d tokens with ids below %d; run the tokenize and shard stages again",
          data.folder(),
          data.index().maxTokens(),
          data.index().vocabulary(),
          artefact.card().name(),
          encoder.shape().maxTokens(),
          encoder.shape().vocabulary());
    }
  }

  @Override
  public ComputationGraph start() {
    return tuning.start(spec.updater());
  }

  @Override
  public RowInputs inputs() {
    return states.inputs();
  }

  @Override
  public ComputationGraph published(ComputationGraph network) {
    return tuning.merged(network);
  }

  @Override
  public String identity() {
    return card.weights() + "/" + choice.trained();
  }

  @Override
  public String description() {
    return "the pretrained encoder `%s` (%s; weights `%s`), of whose %d blocks %s"
        .formatted(card.name(), card.licence(), card.weights(), card.layers(), trainedBlocks());
  }

  private String trainedBlocks() {
    if (choice.trained() == 0) {
      return "none was trained";
    }
    return choice.trained() == choice.blocks()
        ? "all were trained, and its embeddings were not"
        : "the last %d were trained".formatted(choice.trained());
  }

  @Override
  public String note() {
    return card.name() + ", " + choice.note() + "; ";
  }

  @Override
  public void finish() {
    states.retire();
  }
}
