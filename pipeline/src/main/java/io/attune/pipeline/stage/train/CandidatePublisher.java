package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.stage.train.checkpoint.Ledger;
import io.attune.pipeline.stage.train.checkpoint.Totals;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.schemas.json.Json;
import io.attune.schemas.model.Provenance;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.table.Split;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Publishes the result of a training: the ledger and the candidate's bundle. */
record CandidatePublisher(
    StageContext context,
    TrainingData data,
    TrainingSpec spec,
    NetworkPlan plan,
    Provenance provenance) {

  /**
   * Counts the workers and core slots of a training.
   *
   * @param workers networks trained in parallel
   * @param slots tasks that run at a time
   */
  record Parallelism(int workers, int slots) {}

  void publishLedger(TrainingProgress progress) {
    Ledger ledger = new Ledger(data.index().rows(Split.TRAIN), progress.ledger());
    context.storage().replace(context.run().folder() + "/" + Ledger.FILE_NAME, Json.pretty(ledger));
  }

  /**
   * Publishes the bundle.
   *
   * @param network after the best epoch
   */
  StageResult publish(
      ComputationGraph network, TrainingProgress progress, Parallelism parallelism) {
    TrainingRecord record = record(network, progress, parallelism.workers());
    ModelParts alone = ModelParts.of(network);
    new Candidate(
            spec.model().linear() ? new LinearParts(context, data, spec).beside(alone) : alone,
            data.tokenizer(),
            data.labels(),
            data.index().maxTokens(),
            spec.yaml(),
            record,
            ModelCard.of(context.run(), data, spec, plan.description(), record))
        .publish(context.storage(), context.run().model(), provenance);
    return new StageResult(
        context.run().model(),
        summary(progress, parallelism.slots()),
        Map.of(
            "epochs", (long) progress.epoch(),
            "rounds", (long) progress.rounds(),
            "rowsTrained", progress.total().rowsTrained(),
            "tokens", progress.total().tokens(),
            "parameters", network.numParams()));
  }

  private String summary(TrainingProgress progress, int slots) {
    EpochRecord kept = progress.bestEpoch();
    return String.format(
        Locale.ROOT,
        "%s%d epochs, %d kept, validation loss %.3f, accuracy %.3f, %,.0f tokens/s%s",
        plan.note(),
        progress.epoch(),
        kept.epoch(),
        kept.validationLoss(),
        kept.validationAccuracy(),
        progress.total().tokensPerSecond(),
        SpeedUp.of(progress.total(), progress.ledger(), slots));
  }

  private static TrainingRecord record(
      ComputationGraph network, TrainingProgress progress, int workers) {
    Totals total = progress.total();
    return TrainingRecord.builder()
        .workers(workers)
        .epochs(progress.epoch())
        .bestEpoch(progress.best().epoch())
        .rounds(progress.rounds())
        .seconds(total.seconds())
        .tokensPerSecond(total.tokensPerSecond())
        .averagingShare(total.averagingFraction())
        .parameters(network.numParams())
        .rowsPlanned(progress.averaging().examples())
        .rowsTrained(total.rowsTrained())
        .resumes(progress.resumes())
        .curve(progress.curve())
        .build();
  }
}
