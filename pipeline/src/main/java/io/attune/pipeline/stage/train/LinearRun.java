package io.attune.pipeline.stage.train;

import io.attune.pipeline.StageContext;
import io.attune.pipeline.StageResult;
import io.attune.pipeline.bundle.Candidate;
import io.attune.pipeline.bundle.ModelParts;
import io.attune.pipeline.linear.LinearModel;
import io.attune.schemas.report.TrainingRecord;
import io.attune.schemas.table.Split;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Trains and publishes a model without a network. */
record LinearRun(StageContext context, TrainingData data, TrainingSpec spec) {

  StageResult run() {
    context.progress().update(0, 1, "fit the linear part");
    long started = System.nanoTime();
    ModelParts parts = new LinearParts(context, data, spec, Optional.empty()).alone();
    LinearModel linear = LinearModel.read(parts.linear(), context.run().model());
    double seconds = (double) (System.nanoTime() - started) / TimeUnit.SECONDS.toNanos(1);
    long rows = data.index().texts(Split.TRAIN) + data.index().texts(Split.VALIDATION);
    TrainingRecord record =
        TrainingRecord.builder()
            .seconds(seconds)
            .parameters(linear.parameters())
            .rowsPlanned(rows)
            .rowsTrained(rows)
            .build();
    new Candidate(
            parts,
            data.tokenizer(),
            data.labels(),
            data.index().maxTokens(),
            data.longTexts(),
            spec.yaml(),
            record,
            ModelCard.ofLinear(context.run(), data, record))
        .publish(context.storage(), context.run().model(), data.provenance());
    context.progress().update(1, 1, "");
    return new StageResult(
        context.run().model(),
        String.format(Locale.ROOT, "a linear model of %,d weights", linear.parameters()),
        Map.of("rowsTrained", rows, "parameters", linear.parameters()));
  }
}
