package io.attune.pipeline.stage.compare;

import static io.attune.schemas.Requirements.require;

import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.schemas.report.VerdictRecord;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import io.attune.schemas.report.VerdictRecord.PowerRecord;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.ArrayList;
import java.util.List;

/** States whether the candidate may replace the current model. */
sealed interface Verdict
    permits Verdict.Promote, Verdict.PromoteLinearPart, Verdict.CannotTell, Verdict.Keep {

  /** Returns what the verdict rests on. */
  Grounds grounds();

  /**
   * Holds what a verdict rests on.
   *
   * @param headline what is in use from now on, and what it beats, in one sentence
   * @param reasons as sentences for people; never empty
   * @param tests the paired tests
   * @param baselines the comparisons with the best linear model
   * @param power null where no head has rows
   * @param anchors the comparisons with the anchor
   */
  record Grounds(
      String headline,
      List<String> reasons,
      List<TestRecord> tests,
      List<BaselineRecord> baselines,
      PromotionPower power,
      List<AnchorRecord> anchors) {
    public Grounds {
      reasons = List.copyOf(reasons);
      tests = List.copyOf(tests);
      baselines = List.copyOf(baselines);
      anchors = List.copyOf(anchors);
      require(!reasons.isEmpty(), "a verdict must have a reason");
    }

    /** Holds what a verdict without an anchor rests on. */
    Grounds(
        String headline,
        List<String> reasons,
        List<TestRecord> tests,
        List<BaselineRecord> baselines,
        PromotionPower power) {
      this(headline, reasons, tests, baselines, power, List.of());
    }

    private PowerRecord powerRecord() {
      return power == null ? null : power.toRecord();
    }
  }

  /** Names the models that a verdict is about. */
  record Versions(String candidate, String linearPart, String current) {}

  /** Lets the candidate replace the current model. */
  record Promote(Grounds grounds) implements Verdict {}

  /** Lets the candidate's linear part alone replace the current model. */
  record PromoteLinearPart(Grounds grounds) implements Verdict {}

  /** Keeps the current model, since the rows do not show whether the candidate is good enough. */
  record CannotTell(Grounds grounds) implements Verdict {}

  /** Keeps the current model, since the candidate is not good enough. */
  record Keep(Grounds grounds) implements Verdict {}

  /** Returns the verdict on tonight's model from what its tests found. */
  static Verdict of(Findings findings, Headline headline) {
    Grounds grounds =
        new Grounds(
            headline.of(findings),
            findings.reasons(),
            findings.tests(),
            findings.baselines(),
            findings.power().orElse(null),
            findings.anchors());
    return switch (findings.outcome()) {
      case PROMOTE -> new Promote(grounds);
      case CANNOT_TELL -> new CannotTell(grounds);
      case KEEP -> new Keep(grounds);
    };
  }

  /**
   * Returns the verdict where the candidate is below the best linear model: its linear part alone
   * goes into use if it passes the gate by itself.
   *
   * @param whole what the tests of the candidate found
   * @param part what those of its linear part alone found
   */
  static Verdict of(Findings whole, Findings part, Headline headline) {
    List<BaselineRecord> baselines = new ArrayList<>(whole.baselines());
    baselines.addAll(part.baselines());
    boolean promotes = part.outcome() == Outcome.PROMOTE;
    List<String> reasons = new ArrayList<>(promotes ? part.reasons() : whole.reasons());
    reasons.addAll(promotes ? whole.reasons() : part.reasons());
    Grounds grounds =
        new Grounds(
            promotes ? headline.ofLinearPart(whole, part) : headline.of(whole),
            reasons.stream().distinct().toList(),
            promotes ? part.tests() : whole.tests(),
            baselines,
            (promotes ? part : whole).power().orElse(null),
            (promotes ? part : whole).anchors());
    return promotes ? new PromoteLinearPart(grounds) : new Keep(grounds);
  }

  default boolean promotes() {
    return this instanceof Promote || this instanceof PromoteLinearPart;
  }

  /** Returns the form that is published. */
  default VerdictRecord toRecord(Versions versions) {
    String decision;
    String inUse;
    if (this instanceof Promote) {
      decision = VerdictRecord.PROMOTE;
      inUse = versions.candidate();
    } else if (this instanceof PromoteLinearPart) {
      decision = VerdictRecord.PROMOTE_LINEAR_PART;
      inUse = versions.linearPart();
    } else {
      decision = this instanceof CannotTell ? VerdictRecord.CANNOT_TELL : VerdictRecord.KEEP;
      inUse = versions.current();
    }
    return new VerdictRecord(
            decision,
            versions.candidate(),
            versions.current(),
            grounds().reasons(),
            grounds().tests(),
            grounds().headline(),
            inUse,
            grounds().baselines(),
            grounds().powerRecord())
        .withAnchors(grounds().anchors());
  }
}
