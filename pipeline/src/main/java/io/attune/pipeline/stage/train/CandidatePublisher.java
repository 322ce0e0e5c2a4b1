package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.stage.train.EnsembleRun.Parallelism;
import io.attune.pipeline.stage.train.ValidationAnswers.Answer;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.Totals;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.pipeline.stage.train.checkpoint.WeightAveraging;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.TrainingRecord.WeightAveragingRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Publishes the result of a training: the candidate's bundle. */
record CandidatePublisher(
    StageContext context, TrainingData data, TrainingSpec spec, NetworkPlan plan) {

  /**
   * Publishes the bundle.
   *
   * @param networks at least one, each after its best epoch
   */
  StageResult publish(List<TrainedNetwork> networks, Parallelism parallelism) {
    TrainingRecord record = record(networks, parallelism.workers());
    ModelParts alone =
        networks.stream().map(TrainedNetwork::parts).reduce(ModelParts::and).orElseThrow();
    new Candidate(
            spec.model().linear()
                ? new LinearParts(context, data, spec, plan.answers()).beside(alone)
                : scaled(alone),
            data.tokenizer(),
            data.labels(),
            data.index().maxTokens(),
            data.longTexts(),
            spec.yaml(),
            record,
            ModelCard.of(context.run(), data, spec, plan.description(), record))
        .publish(context.storage(), context.run().model(), data.provenance());
    return new StageResult(
        context.run().model(),
        summary(networks, record, parallelism.slots()) + parallelism.count().note(),
        Map.of(
            "epochs", sum(networks, TrainingProgress::epoch),
            "rounds", (long) record.rounds(),
            "rowsTrained", record.rowsTrained(),
            "tokens", total(networks).tokens(),
            "parameters", record.parameters()));
  }

  /** Fits the temperatures of a model without a linear part, whose scale nothing else fits. */
  private ModelParts scaled(ModelParts networks) {
    ValidationAnswers validation = new ValidationAnswers(context, data);
    if (!validation.arePossible()) {
      context
          .progress()
          .warn(
              "the documents of the dataset are gone, so that no temperatures were fitted: the"
                  + " probabilities are those of the network as it is");
      return networks;
    }
    return context.describe(
        "train: fit temperatures on the validation split",
        () -> {
          List<Answer> answers = validation.of(networks);
          return networks.scaled(validation.temperatures(answers, Answer::network));
        });
  }

  private String summary(List<TrainedNetwork> networks, TrainingRecord record, int slots) {
    return plan.note()
        + (networks.size() == 1
            ? ofOne(networks.get(0).progress())
            : networks.size() + " networks, " + record.accuracyNote())
        + String.format(Locale.ROOT, ", %,.0f tokens/s", record.tokensPerSecond())
        + SpeedUp.of(total(networks), ledger(networks), slots);
  }

  private static String ofOne(TrainingProgress progress) {
    EpochRecord kept = progress.bestEpoch();
    return String.format(
        Locale.ROOT,
        "%d epochs, model of epoch %d, validation loss %.3f, accuracy %.3f%s",
        progress.epoch(),
        kept.epoch(),
        kept.validationLoss(),
        kept.validationAccuracy(),
        kept.validationMacroF1() == null
            ? ""
            : String.format(Locale.ROOT, ", macro-F1 %.3f", kept.validationMacroF1()));
  }

  private TrainingRecord record(List<TrainedNetwork> networks, int workers) {
    Totals total = total(networks);
    TrainingProgress first = networks.get(0).progress();
    return TrainingRecord.builder()
        .origin(plan.origin())
        .workers(workers)
        .epochs(first.epoch())
        .bestEpoch(first.best().epoch())
        .rounds(Math.toIntExact(sum(networks, TrainingProgress::rounds)))
        .seconds(total.seconds())
        .tokensPerSecond(total.tokensPerSecond())
        .averagingShare(total.averagingFraction())
        .parameters(networks.stream().mapToLong(TrainedNetwork::parameters).sum())
        .rowsPlanned(sum(networks, progress -> progress.averaging().examples()))
        .rowsTrained(total.rowsTrained())
        .resumes(Math.toIntExact(sum(networks, TrainingProgress::resumes)))
        .curve(first.curve())
        .resampling(data.resampling().record())
        .synonyms(data.synonyms().orElse(null))
        .networks(networks.stream().map(TrainedNetwork::record).toList())
        .weightAveraging(weightAveraging())
        .processors(
            networks.stream()
                .flatMap(network -> network.progress().averaging().processors().stream())
                .distinct()
                .sorted()
                .toList())
        .build();
  }

  private WeightAveragingRecord weightAveraging() {
    WeightAveraging configured = spec.train().weightAveraging();
    return configured.isOff()
        ? null
        : new WeightAveragingRecord(configured.epochs(), configured.ema());
  }

  private static Totals total(List<TrainedNetwork> networks) {
    return networks.stream()
        .map(network -> network.progress().total())
        .reduce(Totals.NONE, Totals::plus);
  }

  private static List<Ledger.Entry> ledger(List<TrainedNetwork> networks) {
    return networks.stream().flatMap(network -> network.progress().ledger().stream()).toList();
  }

  private static long sum(List<TrainedNetwork> networks, ToLongFunction<TrainingProgress> count) {
    return networks.stream().map(TrainedNetwork::progress).mapToLong(count).sum();
  }
}
