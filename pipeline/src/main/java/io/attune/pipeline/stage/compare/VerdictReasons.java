package io.attune.pipeline.stage.compare;

import com.google.errorprone.annotations.FormatMethod;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.McNemar;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.BaselineRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Writes the reasons of a verdict on one model in plain English, with their numbers.
 *
 * @param version of the model
 * @param it the model in the middle of a sentence
 */
record VerdictReasons(GateConfig config, String version, String it) {
  /** Names McNemar's test of one side, before its p-value. */
  static final String MID_P = "McNemar, one-sided mid-p";

  /** Names the same test where rows are copies of each other. */
  static final String CLUSTERED = "near copies taken as one, one-sided p";

  private static final int MOST_CLASSES = 10;

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
            head.outcomes().candidateMacroF1(),
            head.outcomes().otherMacroF1(),
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

  /** Says that the current model has learned from nearly all test rows. */
  String ofTooFewUnseen(HeadEvidence head) {
    long rows = head.outcomes().rows();
    return of(
        "On '%s' the current model was trained or validated on %,d of %,d test rows or on copies of"
            + " them, and %,d others are too few to compare it on (gate.min-rows.unseen is %,d): more"
            + " documents, or the split that it was trained with, would tell.",
        head.head(),
        head.scope().leftOut(),
        head.scope().leftOut() + rows,
        rows,
        config.minRows().unseen());
  }

  /** Says which rows and classes of a head are not compared, each in a sentence. */
  List<String> ofScope(HeadEvidence head) {
    List<String> sentences = new ArrayList<>();
    Scope scope = head.scope();
    if (scope.leftOut() > 0 && head.outcomes().rows() >= config.minRows().unseen()) {
      sentences.add(
          of(
              "On '%s' %,d of %,d test rows are left out of the comparison with the current model,"
                  + " which was trained or validated on them or on copies of them.",
              head.head(), scope.leftOut(), scope.leftOut() + head.outcomes().rows()));
    }
    if (head.reference() == HeadEvidence.Reference.CURRENT && !scope.added().isEmpty()) {
      sentences.add(
          of(
              "On '%s' the current model does not know %s: it is compared on the test rows of the"
                  + " other classes.",
              head.head(),
              listed(scope.added().stream().sorted().map(c -> quoted(scope, c)).toList())));
    }
    ConfusionMatrix confusion =
        (head.baseline().isKnown() ? head.baseline().outcomes() : head.outcomes()).candidate();
    int least = config.minRows().ofClass();
    List<Integer> few =
        IntStream.range(0, Math.min(scope.classes().size(), confusion.classes()))
            .filter(c -> confusion.support(c) < least)
            .boxed()
            .toList();
    if (!few.isEmpty() && few.size() < scope.classes().size()) {
      sentences.add(
          of(
              "On '%s' too few test rows to judge: %s. Below gate.min-rows.of-class, %,d, the F1 of a"
                  + " class does not count.",
              head.head(),
              listed(
                  few.stream()
                      .map(c -> of("%s (%,d)", quoted(scope, c), confusion.support(c)))
                      .toList()),
              least));
    } else if (!few.isEmpty()) {
      sentences.add(
          of(
              "On '%s' no class has as many test rows as gate.min-rows.of-class, %,d: all count.",
              head.head(), least));
    }
    return sentences;
  }

  /** Says how the model answers a class that the current one does not know. */
  String ofAdded(AddedClasses.Added added, boolean finds, boolean isBelow) {
    ConfusionMatrix model = added.outcomes().candidate();
    int label = added.label();
    String beside =
        added.aboveBaseline() == null
            ? ""
            : of(
                ", and is %s %s (%.4f)",
                isBelow ? "below" : "not below",
                added.head().baseline().kind().named(),
                added.outcomes().other().f1(label));
    return of(
        "On '%s' %s %s '%s', which the current model does not know, more than always answering the"
            + " most frequent class: F1 %.4f on %,d test rows%s.",
        added.head().head(),
        it,
        finds ? "finds" : "does not clearly find",
        added.name(),
        model.f1(label),
        model.support(label),
        beside);
  }

  private static String quoted(Scope scope, int label) {
    return "'" + scope.classes().get(label) + "'";
  }

  private static String listed(List<String> names) {
    List<String> shown = names.subList(0, Math.min(MOST_CLASSES, names.size()));
    String all = String.join(", ", shown);
    return names.size() > shown.size()
        ? of("%s and %,d more", all, names.size() - shown.size())
        : all;
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
        test.isClustered() ? CLUSTERED : margin == 0 ? MID_P : "Tango's score test, one-sided p",
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
