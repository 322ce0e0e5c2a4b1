package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.McNemar;
import io.attune.pipeline.metric.Resampled;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Holds one head of a model and the current one with its statistics.
 *
 * @param difference of macro-F1
 * @param margin that it may lie below zero by
 * @param counts whether the head must not lose
 */
record Tested(
    HeadEvidence evidence, Resampled difference, McNemar mcNemar, double margin, boolean counts) {
  private static final String MCNEMAR = "mcnemar-mid-p";
  private static final String MCNEMAR_BY_CLUSTER = "mcnemar-clustered";
  private static final String BOOTSTRAP = "paired-bootstrap-macro-f1";

  String head() {
    return evidence.head();
  }

  /** Returns both tests as they are published. */
  List<TestRecord> records(double level) {
    long rows = evidence.outcomes().rows();
    return List.of(
        new TestRecord(
            head(),
            BOOTSTRAP,
            rows,
            difference.value(),
            difference.interval(level),
            difference.pValue(),
            orNull(difference.smallestDetectable()),
            level,
            margin,
            evidence.scope().leftOut() == 0 ? null : evidence.scope().leftOut()),
        new TestRecord(
            head(),
            mcNemar.isClustered() ? MCNEMAR_BY_CLUSTER : MCNEMAR,
            rows,
            mcNemar.difference(),
            null,
            mcNemar.midPValue(),
            orNull(mcNemar.smallestDetectable())));
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
