package io.attune.pipeline.stage.compare;

import io.attune.pipeline.metric.Bootstrap;
import io.attune.pipeline.metric.ConfusionMatrix;
import io.attune.pipeline.metric.Holm;
import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tests whether a model may replace the current one, as a pure function of what both answered to
 * the same test rows.
 *
 * <p>Against a current model: on every head the one-sided limit of the difference in macro-F1 lies
 * above {@code -margin} (non-inferiority; with {@code require: better} one of the heads that count
 * must be significantly better too), and on no head is it significantly less often right by more
 * than the veto's margin (McNemar's mid-p or Tango's score, Holm's correction over the heads). Both
 * are tested on rows that neither model has learned from and of classes that both know; classes
 * that only the candidate knows are tested by {@link AddedClasses}. Without a model in use it must
 * beat always answering the most frequent class. In both cases it must not be below the best linear
 * model ({@link BaselineTests}).
 *
 * <p>Macro-F1 is the mean over the classes that have enough test rows. Rows of one cluster of near
 * copies are resampled together.
 */
final class Decision {
  /** Sets the standard errors of accuracy beyond which chance needs no resamples. */
  private static final double BEYOND_DOUBT = 10;

  private final GateConfig config;
  private final Bootstrap bootstrap;
  private final List<HeadEvidence> given;
  private final List<HeadEvidence> evidence;
  private final List<String> heads;
  private final VerdictReasons words;
  private final Findings findings = new Findings();

  private Decision(List<HeadEvidence> evidence, GateConfig config, VerdictReasons words) {
    this.config = config;
    this.bootstrap = new Bootstrap(config.resamples(), config.seed());
    this.given = evidence;
    this.evidence =
        evidence.stream().map(head -> head.judging(config.minRows().ofClass())).toList();
    this.heads = evidence.stream().map(HeadEvidence::head).toList();
    this.words = words;
  }

  /**
   * Tests tonight's model.
   *
   * @param evidence of every head; the one that {@code config} names is among them
   * @param version of the model
   */
  static Findings ofCandidate(List<HeadEvidence> evidence, GateConfig config, String version) {
    return new Decision(evidence, config, VerdictReasons.ofCandidate(config, version)).decide();
  }

  /** Tests the linear part of tonight's model as a model of its own. */
  static Findings ofLinearPart(List<HeadEvidence> evidence, GateConfig config, String version) {
    return new Decision(evidence, config, VerdictReasons.ofLinearPart(config, version)).decide();
  }

  private Findings decide() {
    Set<String> below = new BaselineTests(config, bootstrap, words, findings).test(evidence, heads);
    List<Tested> compared = new ArrayList<>();
    for (HeadEvidence head : evidence) {
      boolean counts = config.counts(head.head(), heads);
      if (head.scope().leftOut() > 0 && head.outcomes().rows() < config.minRows().unseen()) {
        if (counts) {
          findings.leaveOpen(words.ofTooFewUnseen(head));
        }
      } else if (head.outcomes().rows() == 0) {
        if (counts) {
          findings.leaveOpen(words.withoutRows(head.head()));
        }
      } else if (head.reference() == Reference.MAJORITY) {
        testAgainstMajority(head, below.contains(head.head()));
      } else {
        compared.add(
            new Tested(
                head,
                bootstrap.macroF1Difference(head.outcomes()),
                head.outcomes().mcNemar(),
                config.marginOf(head.head(), heads, head.rows()),
                counts));
      }
    }
    compared.forEach(tested -> tested.records(config.significance()).forEach(findings::add));
    compared.forEach(this::testMargin);
    compared.stream().filter(Tested::counts).forEach(this::testChance);
    testVeto(compared);
    testDemand(compared.stream().filter(Tested::counts).toList());
    new AddedClasses(config, bootstrap, words, findings).test(given, heads);
    given.forEach(head -> words.ofScope(head).forEach(findings::remark));
    notePower(compared);
    return findings;
  }

  /**
   * Tests whether the model beats the majority class: it must have a higher macro-F1 and depend on
   * the row. A coin has a higher macro-F1 too, but agrees with the labels only by chance (kappa 0).
   */
  private void testAgainstMajority(HeadEvidence head, boolean belowBaseline) {
    ConfusionMatrix model = head.outcomes().candidate();
    Interval kappa = bootstrap.kappa(head.outcomes()).interval(config.significance());
    boolean beats = model.macroF1() > head.outcomes().other().macroF1() && kappa.low() > 0;
    String sentence = words.ofMajority(head, beats, kappa);
    if (beats || !config.counts(head.head(), heads)) {
      if (!beats || !belowBaseline) {
        findings.remark(sentence);
      }
    } else {
      findings.object(sentence);
      noteLabels(head);
    }
  }

  /** Says that labels may be wrong where a linear model finds nothing in the texts either. */
  private void noteLabels(HeadEvidence head) {
    if (head.baseline().isKnown()) {
      Interval kappa =
          bootstrap.kappaOfOther(head.baseline().outcomes()).interval(config.significance());
      if (kappa.low() <= 0) {
        findings.remark(words.ofLabels(head, kappa));
      }
    }
  }

  private void testMargin(Tested tested) {
    Interval interval = tested.difference().interval(config.significance());
    String sentence = words.ofMargin(tested);
    if (interval.low() > -tested.margin()) {
      findings.remark(sentence);
    } else if (interval.high() < 0) {
      findings.object(sentence);
    } else {
      findings.leaveOpen(sentence);
    }
    findings.remark(VerdictReasons.ofPower(tested));
  }

  /**
   * Leaves open a model that answers as if by chance: where the labels of a night are shuffled, the
   * current model does too, and the two cannot be told apart.
   */
  private void testChance(Tested tested) {
    ConfusionMatrix model = tested.evidence().outcomes().candidate();
    double largestError = 0.5 / Math.sqrt((double) tested.evidence().outcomes().clusters());
    if (model.accuracy() - model.chance() > BEYOND_DOUBT * largestError) {
      return;
    }
    Interval kappa = bootstrap.kappa(tested.evidence().outcomes()).interval(config.significance());
    if (kappa.low() < 0) {
      findings.leaveOpen(words.ofChance(tested, kappa));
      noteLabels(tested.evidence());
    }
  }

  private void testVeto(List<Tested> compared) {
    double margin = config.veto().margin();
    List<Double> adjusted =
        Holm.adjust(compared.stream().map(tested -> tested.mcNemar().lossPValue(margin)).toList());
    for (int i = 0; i < compared.size(); i++) {
      boolean loses = compared.get(i).mcNemar().difference() < -margin;
      if (loses && adjusted.get(i) <= config.veto().significance()) {
        findings.object(words.ofVeto(compared.get(i), adjusted.get(i)));
      }
    }
  }

  private void testDemand(List<Tested> counting) {
    if (config.require() != Demand.BETTER || counting.isEmpty()) {
      return;
    }
    List<Double> adjusted =
        Holm.adjust(counting.stream().map(tested -> tested.difference().pValueAbove()).toList());
    for (int i = 0; i < counting.size(); i++) {
      if (adjusted.get(i) <= config.significance() && counting.get(i).difference().value() > 0) {
        findings.remark(words.ofBetter(counting.get(i), adjusted.get(i)));
        return;
      }
    }
    findings.leaveOpen(words.ofNoBetter());
  }

  /**
   * Notes how often an equally good model passes: by the differences that were measured; before
   * there is a model to compare with, or where it answers like this one, by what is usual. Where a
   * better one is demanded, an equally good one is to be kept out.
   */
  private void notePower(List<Tested> compared) {
    if (config.require() == Demand.BETTER) {
      return;
    }
    List<PromotionPower.Head> known = new ArrayList<>();
    for (Tested tested : compared) {
      double measured = tested.difference().standardError();
      known.add(
          new PromotionPower.Head(
              tested.evidence().outcomes().rows(),
              measured > 0 ? measured : config.judged(tested.evidence().rows()).standardError(),
              tested.margin()));
    }
    for (HeadEvidence head : evidence) {
      if (head.reference() == Reference.MAJORITY && head.outcomes().rows() > 0) {
        known.add(
            new PromotionPower.Head(
                head.outcomes().rows(),
                config.judged(head.rows()).standardError(),
                config.marginOf(head.head(), heads, head.rows())));
      }
    }
    if (!known.isEmpty()) {
      PromotionPower power = config.power(known);
      findings.note(power);
      findings.remark(power.sentence());
    }
  }
}
