package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.Resampled;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.List;
import java.util.Set;

/**
 * Tests whether a model has fallen too far behind the anchor, which stays while the current model
 * changes: losses that are each within the margin would add up. On every head the one-sided limit
 * of the difference in macro-F1 must lie above minus {@code gate.anchor-margin} margins.
 *
 * @param version of the anchor
 * @param model that is compared: its version
 * @param isCurrent whether the anchor is the current model: then the figures are kept, and the
 *     margin to that model, which is smaller, is what decides
 */
record AnchorTests(GateConfig config, String version, String model, boolean isCurrent) {
  static final String ABOVE = "above";
  static final String WITHIN = "within";
  static final String UNKNOWN = "unknown";
  static final String BELOW = "below";

  /** Holds what a model and the anchor answered to the rows of one head. */
  record OnHead(HeadEvidence head, PairedOutcomes outcomes) {}

  /** Tests every head that the anchor answers. */
  void test(List<OnHead> evidence, Findings findings) {
    List<String> heads = evidence.stream().map(each -> each.head().head()).toList();
    for (OnHead each : evidence) {
      PairedOutcomes outcomes = judged(each);
      if (outcomes.rows() > 0) {
        double step = config.marginOf(each.head().head(), heads, each.head().rows());
        test(new OnHead(each.head(), outcomes), step, findings);
      }
    }
  }

  /** Returns the rows of classes that both know; the F1 of those counts that have rows enough. */
  private PairedOutcomes judged(OnHead each) {
    Set<Integer> added = each.head().scope().added();
    PairedOutcomes known =
        isCurrent && !added.isEmpty()
            ? each.outcomes().ofActual(label -> !added.contains(label))
            : each.outcomes();
    return known.judging(config.minRows().ofClass());
  }

  private void test(OnHead each, double step, Findings findings) {
    double level = config.anchorLevel();
    Resampled difference =
        new Bootstrap(config.resamples(level), config.seed()).macroF1Difference(each.outcomes());
    Interval interval = difference.interval(level);
    double margin = config.anchorMargin() * step;
    AnchorRecord record =
        new AnchorRecord(
            each.head().head(),
            model,
            version,
            each.outcomes().rows(),
            each.outcomes().candidateMacroF1(),
            each.outcomes().otherMacroF1(),
            difference.value(),
            interval,
            level,
            margin,
            place(interval, margin));
    findings.add(record);
    if (isCurrent) {
      return;
    }
    String sentence = sentence(record);
    switch (record.place()) {
      case BELOW -> findings.object(sentence);
      case UNKNOWN -> findings.leaveOpen(sentence);
      default -> findings.remark(sentence);
    }
  }

  private static String place(Interval interval, double margin) {
    if (interval.low() > -margin) {
      return interval.low() > 0 ? ABOVE : WITHIN;
    }
    return interval.high() < 0 ? BELOW : UNKNOWN;
  }

  private String sentence(AnchorRecord record) {
    String place =
        switch (record.place()) {
          case ABOVE -> "is better than the anchor";
          case WITHIN -> "keeps within reach of the anchor";
          case BELOW -> "has fallen behind the anchor";
          default -> "may have fallen behind the anchor";
        };
    return VerdictReasons.of(
        "On '%s' %s %s %s: macro-F1 %.4f against %.4f, a difference of %+.4f since then (one-sided"
            + " limits %+.4f and %+.4f); gate.anchor-margin allows a loss of %.4f.",
        record.head(),
        model,
        place,
        version,
        record.modelMacroF1(),
        record.anchorMacroF1(),
        record.difference(),
        record.interval().low(),
        record.interval().high(),
        record.margin());
  }
}
