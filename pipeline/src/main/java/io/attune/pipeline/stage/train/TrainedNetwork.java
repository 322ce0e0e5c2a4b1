package io.attune.pipeline.stage.train;

import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.stage.train.checkpoint.TrainingProgress;
import io.attune.schemas.report.TrainingRecord.EpochRecord;
import io.attune.schemas.report.TrainingRecord.NetworkRecord;

/**
 * Holds a network whose training has ended, as it was judged after its best epoch.
 *
 * @param parts the network as it is published
 * @param parameters of the published network
 */
record TrainedNetwork(Member member, TrainingProgress progress, ModelParts parts, long parameters) {

  NetworkRecord record() {
    EpochRecord kept = progress.bestEpoch();
    return new NetworkRecord(
        member.seed(),
        progress.epoch(),
        kept.epoch(),
        kept.validationLoss(),
        kept.validationAccuracy(),
        kept.validationMacroF1());
  }
}
