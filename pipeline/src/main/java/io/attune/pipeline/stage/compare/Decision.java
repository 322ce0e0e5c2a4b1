package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.McNemar;
import io.attune.pipeline.metric.Resampled;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.report.Evaluation.Interval;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Decides whether the candidate may replace the current model, as a pure function of the answers of
 * both models to the same test rows.
 *
 * <p>Against a current model: the whole 95 % interval of the difference in macro-F1 lies above
 * {@code -margin} on the heads that count (non-inferiority; with {@code require: better} one of
 * them must be significantly better too), and no head at all is significantly less often right
 * (McNemar's mid-p, Holm's correction over the heads). Where no model is in use: it must beat
 * always answering the most frequent class. In both cases it must not be significantly below the
 * linear baseline on a head that counts (Holm's correction), unless {@link Floor#IGNORE} is set.
 */
final class Decision {
  private static final String MCNEMAR = "mcnemar-mid-p";
  private static final String BOOTSTRAP = "paired-bootstrap-macro-f1";

  /** Holds one head with its statistics. */
  private record Tested(HeadEvidence evidence, Resampled difference, McNemar mcNemar) {
    String head() {
      return evidence.head();
    }
  }

  private final GateConfig config;
  private final Bootstrap bootstrap;
  private final List<String> objections = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<TestRecord> tests = new ArrayList<>();

  private Decision(GateConfig config) {
    this.config = config;
    this.bootstrap = new Bootstrap(config.bootstrapRepetitions(), config.seed());
  }

  /**
   * Decides whether the candidate is promoted.
   *
   * @param evidence of every head; the one that {@code config} names is among them
   */
  static Verdict decide(List<HeadEvidence> evidence, GateConfig config) {
    return new Decision(config).decide(evidence);
  }

  private Verdict decide(List<HeadEvidence> evidence) {
    List<Tested> compared = new ArrayList<>();
    for (HeadEvidence head : evidence) {
      if (head.outcomes().rows() == 0) {
        if (counts(head.head(), evidence)) {
          objections.add(
              VerdictReasons.of(
                  "No test row has a label for '%s', so that nothing can be said of it.",
                  head.head()));
        }
      } else if (head.reference() == Reference.MAJORITY) {
        testAgainstMajority(head, counts(head.head(), evidence));
      } else {
        compared.add(
            new Tested(
                head, bootstrap.macroF1Difference(head.outcomes()), head.outcomes().mcNemar()));
      }
    }
    compared.forEach(this::record);
    List<Tested> counting =
        compared.stream().filter(tested -> counts(tested.head(), evidence)).toList();
    counting.forEach(this::testMargin);
    testSignificantLoss(compared);
    testDemand(counting);
    testAgainstBaseline(evidence);
    List<String> reasons = new ArrayList<>(objections);
    reasons.addAll(remarks);
    return objections.isEmpty()
        ? new Verdict.Promote(reasons, tests)
        : new Verdict.Keep(reasons, tests);
  }

  /**
   * Returns whether a head counts for the verdict; a head with the name {@code all} goes before the
   * word for all heads.
   */
  private boolean counts(String head, List<HeadEvidence> evidence) {
    boolean all =
        config.head().equals(GateConfig.ALL_HEADS)
            && evidence.stream().noneMatch(e -> e.head().equals(GateConfig.ALL_HEADS));
    return all || config.head().equals(head);
  }

  /**
   * Tests whether the candidate beats the majority class: it must have a higher macro-F1 and depend
   * on the row. A coin has a higher macro-F1 too, but agrees with the labels only by chance (kappa
   * 0).
   */
  private void testAgainstMajority(HeadEvidence head, boolean counts) {
    ConfusionMatrix candidate = head.outcomes().candidate();
    ConfusionMatrix majority = head.outcomes().other();
    Interval kappa = bootstrap.kappa(candidate).interval();
    boolean beats = candidate.macroF1() > majority.macroF1() && kappa.low() > 0;
    String sentence =
        VerdictReasons.of(
            "On '%s' it %s always answering the most frequent class: macro-F1 %.4f against %.4f,"
                + " accuracy %.4f against %.4f, agreement beyond chance (kappa) between %.3f and"
                + " %.3f on %,d test rows.",
            head.head(),
            beats ? "beats" : "does not clearly beat",
            candidate.macroF1(),
            majority.macroF1(),
            candidate.accuracy(),
            majority.accuracy(),
            kappa.low(),
            kappa.high(),
            candidate.rows());
    if (counts && !beats) {
      objections.add(sentence);
    } else {
      remarks.add(sentence);
    }
  }

  private void record(Tested tested) {
    long rows = tested.evidence().outcomes().rows();
    tests.add(
        new TestRecord(
            tested.head(),
            BOOTSTRAP,
            rows,
            tested.difference().value(),
            tested.difference().interval(),
            tested.difference().pValue(),
            orNull(tested.difference().smallestDetectable())));
    tests.add(
        new TestRecord(
            tested.head(),
            MCNEMAR,
            rows,
            tested.mcNemar().difference(),
            null,
            tested.mcNemar().midPValue(),
            orNull(tested.mcNemar().smallestDetectable())));
  }

  private void testMargin(Tested tested) {
    boolean within = tested.difference().interval().low() > -config.margin();
    String sentence =
        VerdictReasons.ofMargin(tested.evidence(), tested.difference(), config.margin());
    if (within) {
      remarks.add(sentence);
    } else {
      objections.add(sentence);
    }
    remarks.add(VerdictReasons.ofPower(tested.evidence(), tested.difference()));
  }

  private void testSignificantLoss(List<Tested> compared) {
    List<Double> adjusted =
        Holm.adjust(compared.stream().map(tested -> tested.mcNemar().midPValue()).toList());
    for (int i = 0; i < compared.size(); i++) {
      McNemar test = compared.get(i).mcNemar();
      if (adjusted.get(i) <= config.significance() && test.difference() < 0) {
        objections.add(
            VerdictReasons.of(
                "On '%s' it is significantly less often right than the current model: only it is"
                    + " right on %,d test rows, only the current model on %,d (McNemar, mid-p %s"
                    + " after Holm's correction).",
                compared.get(i).head(),
                test.candidateOnly(),
                test.otherOnly(),
                VerdictReasons.pValue(adjusted.get(i))));
      }
    }
  }

  private void testDemand(List<Tested> counting) {
    if (config.require() != Demand.BETTER || counting.isEmpty()) {
      return;
    }
    List<Double> adjusted =
        Holm.adjust(counting.stream().map(tested -> tested.difference().pValue()).toList());
    for (int i = 0; i < counting.size(); i++) {
      if (adjusted.get(i) <= config.significance() && counting.get(i).difference().value() > 0) {
        remarks.add(
            VerdictReasons.of(
                "On '%s' it is significantly better than the current model (paired bootstrap, p %s"
                    + " after Holm's correction), as gate.require demands.",
                counting.get(i).head(), VerdictReasons.pValue(adjusted.get(i))));
        return;
      }
    }
    objections.add(
        VerdictReasons.of(
            "gate.require demands a better model, and on no head that counts is it significantly"
                + " better than the current one."));
  }

  /** Tests the heads that count, with Holm's correction; of the others it is only said. */
  private void testAgainstBaseline(List<HeadEvidence> evidence) {
    List<HeadEvidence> known = evidence.stream().filter(of -> of.baseline().rows() > 0).toList();
    List<Resampled> differences =
        known.stream().map(of -> bootstrap.macroF1Difference(of.baseline())).toList();
    List<Integer> counting =
        IntStream.range(0, known.size())
            .filter(i -> counts(known.get(i).head(), evidence))
            .boxed()
            .toList();
    List<Double> adjusted =
        Holm.adjust(counting.stream().map(i -> differences.get(i).pValue()).toList());
    for (int i = 0; i < known.size(); i++) {
      String sentence = VerdictReasons.ofBaseline(known.get(i), differences.get(i));
      int place = counting.indexOf(i);
      if (config.baseline() == Floor.NOT_BELOW
          && place >= 0
          && differences.get(i).value() < 0
          && adjusted.get(place) <= config.significance()) {
        objections.add(
            sentence
                + " A model below what a linear one reaches is kept out, unless gate.baseline is"
                + " ignore.");
      } else {
        remarks.add(sentence);
      }
    }
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
