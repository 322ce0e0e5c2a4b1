package io.attune.pipeline.stage.train;

import io.attune.neural.EveryJvm;
import io.attune.neural.encoder.EncoderLayout;
import io.attune.neural.network.FineTuning;
import io.attune.neural.network.ModelConfig.Tune;
import io.attune.neural.pretrained.PretrainedEncoder;
import io.attune.pipeline.StageContext;
import io.attune.pipeline.bundle.CardText;
import io.attune.pipeline.encoder.EncoderArtefact;
import io.attune.pipeline.encoder.EncoderReference;
import io.attune.pipeline.stage.train.data.RowInputs;
import io.attune.pipeline.stage.train.data.States;
import io.attune.pipeline.stage.train.data.StemReference;
import io.attune.pipeline.stage.train.data.UntrainedParameters;
import io.attune.schemas.failure.Failure;
import io.attune.schemas.model.EncoderCard;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;

/** Trains the last blocks of a pretrained encoder on the vectors of the blocks below. */
final class TunedEncoder implements NetworkPlan {
  private final JavaSparkContext spark;
  private final TrainingSpec spec;
  private final EncoderCard card;
  private final TuneChoice choice;
  private final FineTuning tuning;
  private final States states;
  private final EncoderReference reference;

  private TunedEncoder(
      JavaSparkContext spark,
      TrainingSpec spec,
      EncoderCard card,
      TuneChoice choice,
      FineTuning tuning,
      States states,
      EncoderReference reference) {
    this.spark = spark;
    this.spec = spec;
    this.card = card;
    this.choice = choice;
    this.tuning = tuning;
    this.states = states;
    this.reference = reference;
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
            null,
            spec.model().backend(),
            spec.model().precision());
    requireAdaptable(spec, artefact, encoder);
    requireNoWordDropout(spec, artefact);
    TuneChoice choice = TuneChoice.of(new TuneChoice.Case(context, data, spec, encoder, whole));
    context.progress().update(0, 1, artefact.card().name() + ": " + note(spec, choice));
    FineTuning tuning = new FineTuning(encoder, choice.trained(), spec.model(), spec.task(data));
    States states =
        new States(
            context,
            new States.Source(
                data.folder(),
                data.identity(),
                data.index(),
                tuning
                    .frozenPooling()
                    .map(whole::pooledBy)
                    .orElseGet(() -> whole.below(tuning.frozenBlocks())),
                encoder.shape().width(),
                data.provenance()));
    return new TunedEncoder(
        JavaSparkContext.fromSparkContext(context.spark().sparkContext()),
        spec,
        artefact.card(),
        choice,
        tuning,
        states,
        whole.encoder());
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

  /**
   * Fails if low-rank adaptation is asked for that the encoder rules out.
   *
   * @throws Failure.BadUsage naming what does not fit
   */
  private static void requireAdaptable(
      TrainingSpec spec, EncoderArtefact artefact, PretrainedEncoder encoder) {
    if (adapts(spec)) {
      try {
        var unused = spec.model().lora().of(EncoderLayout.of(encoder.shape()));
      } catch (IllegalArgumentException e) {
        throw new Failure.BadUsage(
            "model.lora does not fit the encoder '%s': %s", artefact.card().name(), e.getMessage());
      }
    }
  }

  private static void requireNoWordDropout(TrainingSpec spec, EncoderArtefact artefact) {
    if (spec.train().wordDropout() > 0) {
      throw new Failure.BadUsage(
          "train.word-dropout is %s, and the network starts from the encoder '%s', whose lower"
              + " blocks read each text once and not in every epoch; set it to 0, or train a"
              + " vocabulary of the task's own with model.encoder: none",
          spec.train().wordDropout(), artefact.card().name());
    }
  }

  private static boolean adapts(TrainingSpec spec) {
    return spec.model().tune() == Tune.LORA;
  }

  private static String lora(TrainingSpec spec) {
    return "LoRA of rank %d".formatted(spec.model().lora().rank());
  }

  private static String note(TrainingSpec spec, TuneChoice choice) {
    return adapts(spec)
        ? lora(spec) + " in all %d blocks".formatted(choice.blocks())
        : choice.note();
  }

  @Override
  public NetworkPlan withSeed(long seed) {
    return new TunedEncoder(spark, spec, card, choice, tuning.withSeed(seed), states, reference);
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
  public List<TrainingHook> hooks() {
    return adapts(spec) ? List.of(new UntrainedParameters(reference)) : List.of();
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
  public String origin() {
    return "the pretrained encoder " + card.name();
  }

  @Override
  public String description() {
    return "the pretrained encoder `%s` (%s; weights `%s`), of whose %d blocks %s"
        .formatted(
            card.name(),
            CardText.escaped(card.licence()),
            card.weights(),
            card.layers(),
            trainedBlocks());
  }

  private String trainedBlocks() {
    if (choice.trained() == 0) {
      return "none was trained";
    }
    return choice.trained() == choice.blocks()
        ? "all were %s, and its embeddings were not"
            .formatted(adapts(spec) ? "adapted by " + lora(spec) : "trained")
        : "the last %d were trained".formatted(choice.trained());
  }

  @Override
  public String note() {
    return card.name() + ", " + note(spec, choice) + "; ";
  }

  @Override
  public void finish() {
    states.retire();
    EveryJvm.run(spark, UntrainedParameters::forget);
  }
}
