package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.Resampled;
import io.attune.pipeline.metric.TestRows;
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

  /**
   * Holds what a model and the anchor answered to the rows of one head.
   *
   * @param leftOut labelled test rows that are not among them, since the anchor has learned from
   *     them or from copies of them
   */
  record OnHead(HeadEvidence head, PairedOutcomes outcomes, long leftOut) {}

  /** Tests every head that the anchor answers and that has rows enough that are new to it. */
  void test(List<OnHead> evidence, Findings findings) {
    List<String> heads = evidence.stream().map(each -> each.head().head()).toList();
    for (OnHead each : evidence) {
      OnHead judged = new OnHead(each.head(), judged(each), each.leftOut());
      long rows = judged.outcomes().rows();
      if (each.leftOut() > 0 && rows < config.minRows().unseen()) {
        if (!isCurrent) {
          findings.remark(tooFew(judged));
        }
      } else if (rows > 0) {
        TestRows compared = TestRows.of(judged.outcomes());
        test(judged, config.marginOf(each.head().head(), heads, compared), findings);
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

  private String tooFew(OnHead each) {
    return VerdictReasons.of(
        "On '%s' %s is not held against the anchor %s: only %,d of %,d test rows are new to that"
            + " one (gate.min-rows.unseen is %,d); pin another with: attune anchor.",
        each.head().head(),
        model,
        version,
        each.outcomes().rows(),
        each.outcomes().rows() + each.leftOut(),
        config.minRows().unseen());
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
    String sentence = sentence(record, each.leftOut());
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

  private String sentence(AnchorRecord record, long leftOut) {
    String place =
        switch (record.place()) {
          case ABOVE -> "is better than the anchor";
          case WITHIN -> "keeps within reach of the anchor";
          case BELOW -> "has fallen behind the anchor";
          default -> "may have fallen behind the anchor";
        };
    return VerdictReasons.of(
        "On '%s' %s %s %s: macro-F1 %.4f against %.4f on %,d test rows%s, a difference of %+.4f"
            + " since then (one-sided limits %+.4f and %+.4f); gate.anchor-margin allows a loss of"
            + " %.4f.",
        record.head(),
        model,
        place,
        version,
        record.modelMacroF1(),
        record.anchorMacroF1(),
        record.rows(),
        leftOut == 0 ? "" : VerdictReasons.of(" (the anchor has learned from %,d others)", leftOut),
        record.difference(),
        record.interval().low(),
        record.interval().high(),
        record.margin());
  }
}
