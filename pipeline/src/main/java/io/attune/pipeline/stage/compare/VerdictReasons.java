package io.attune.pipeline.stage.compare;

import com.google.errorprone.annotations.FormatMethod;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.McNemar;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Writes the reasons of a verdict on one model in plain English, with their numbers.
 *
 * @param version of the model
 * @param it the model in the middle of a sentence
 */
record VerdictReasons(GateConfig config, String version, String it) {

  /** Writes of tonight's model. */
  static VerdictReasons ofCandidate(GateConfig config, String version) {
    return new VerdictReasons(config, version, "it");
  }

  /** Writes of the linear part of tonight's model as a model of its own. */
  static VerdictReasons ofLinearPart(GateConfig config, String version) {
    return new VerdictReasons(config, version, Baseline.Kind.LINEAR_PART.named());
  }

  @FormatMethod
  static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static String pValue(double p) {
    return p < 0.0001 ? "below 0.0001" : of("%.4f", p);
  }

  /**
   * Returns a two-sided confidence in percent, such as {@code 95 %}, whose ends have this level.
   */
  private String confidence() {
    return BigDecimal.valueOf(100 * (1 - 2 * config.significance()))
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private String interval(Interval interval) {
    return of("%s interval %+.4f to %+.4f", confidence(), interval.low(), interval.high());
  }

  String withoutRows(String head) {
    return of("No test row has a label for '%s', so that nothing can be said of it.", head);
  }

  String ofMajority(HeadEvidence head, boolean beats, Interval kappa) {
    ConfusionMatrix model = head.outcomes().candidate();
    ConfusionMatrix majority = head.outcomes().other();
    return of(
        "On '%s' %s %s always answering the most frequent class: macro-F1 %.4f against %.4f,"
            + " accuracy %.4f against %.4f, agreement beyond chance (kappa) between %.3f and"
            + " %.3f on %,d test rows.",
        head.head(),
        it,
        beats ? "beats" : "does not clearly beat",
        model.macroF1(),
        majority.macroF1(),
        model.accuracy(),
        majority.accuracy(),
        kappa.low(),
        kappa.high(),
        model.rows());
  }

  String ofChance(Tested tested, Interval kappa) {
    return of(
        "On '%s' %s agrees with the labels no more than chance would (kappa between %.3f and %.3f on"
            + " %,d test rows).",
        tested.head(), it, kappa.low(), kappa.high(), tested.evidence().outcomes().rows());
  }

  String ofLabels(HeadEvidence head, Interval kappa) {
    return of(
        "On '%s' a linear model finds nothing in the texts either that tells the classes (kappa"
            + " between %.3f and %.3f): check whether each label still stands with its text.",
        head.head(), kappa.low(), kappa.high());
  }

  String ofMargin(Tested tested) {
    HeadEvidence head = tested.evidence();
    Interval interval = tested.difference().interval(config.significance());
    String numbers =
        of(
            "macro-F1 %.4f against %.4f, a difference of %+.4f (%s)",
            head.outcomes().candidate().macroF1(),
            head.outcomes().other().macroF1(),
            tested.difference().value(),
            interval(interval));
    String place =
        interval.low() > -tested.margin()
            ? of(
                "%s is %s the current model",
                it, interval.low() > 0 ? "better than" : "within the margin of")
            : interval.high() < 0
                ? it + " is worse than the current model"
                : of("it cannot be shown that %s is not worse than the current model", it);
    return of(
        "On '%s' %s: %s; %s allows a loss of %.4f.",
        head.head(), place, numbers, marginKey(tested), tested.margin());
  }

  private String marginKey(Tested tested) {
    if (!tested.counts()) {
      return "gate.other-margin";
    }
    return config.namedMargin().isPresent()
        ? "gate.margin"
        : of("gate.margin, for %,d test rows,", tested.evidence().outcomes().rows());
  }

  static String ofPower(Tested tested) {
    long rows = tested.evidence().outcomes().rows();
    OptionalDouble smallest = tested.difference().smallestDetectable();
    return smallest.isEmpty()
        ? of(
            "On '%s' both models score the same in every resample of the %,d test rows.",
            tested.head(), rows)
        : of(
            "The %,d test rows for '%s' show a difference in macro-F1 of %.4f or more in four cases"
                + " of five.",
            rows, tested.head(), smallest.getAsDouble());
  }

  String ofVeto(Tested tested, double adjusted) {
    McNemar test = tested.mcNemar();
    double margin = config.veto().margin();
    return of(
        "On '%s' %s is significantly less often right than the current model%s: only %s is right on"
            + " %,d test rows, only the current model on %,d (%s %s after Holm's correction;"
            + " gate.veto.significance is %s).",
        tested.head(),
        it,
        margin == 0 ? "" : of(", by more than gate.veto.margin, %.4f,", margin),
        it,
        test.candidateOnly(),
        test.otherOnly(),
        margin == 0 ? "McNemar, one-sided mid-p" : "Tango's score test, one-sided p",
        pValue(adjusted),
        BigDecimal.valueOf(config.veto().significance()).toPlainString());
  }

  String ofBetter(Tested tested, double adjusted) {
    return of(
        "On '%s' %s is significantly better than the current model (paired bootstrap, one-sided p %s"
            + " after Holm's correction), as gate.require demands.",
        tested.head(), it, pValue(adjusted));
  }

  String ofNoBetter() {
    return of(
        "gate.require demands a better model, and on no head that counts is %s significantly better"
            + " than the current one.",
        it);
  }

  String ofBaseline(HeadEvidence head, BaselineRecord record) {
    String place =
        switch (record.place()) {
          case BaselineTests.ABOVE -> "above";
          case BaselineTests.BELOW -> "below";
          default -> "not clearly apart from";
        };
    return of(
        "On '%s' %s is %s %s: macro-F1 %.4f against %.4f, a difference of %+.4f (%s) on %,d test"
            + " rows%s.",
        head.head(),
        it,
        place,
        head.baseline().kind().named(),
        record.modelMacroF1(),
        record.baselineMacroF1(),
        record.difference(),
        interval(record.interval()),
        record.rows(),
        record.place().equals(BaselineTests.BELOW)
            ? of(", one-sided p %s by itself", pValue(record.pValue()))
            : "");
  }

  String ofFloor() {
    return "A model below what a linear one reaches is kept out, unless gate.baseline is ignore.";
  }
}
