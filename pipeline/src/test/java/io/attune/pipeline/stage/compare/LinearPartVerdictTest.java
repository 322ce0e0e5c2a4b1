package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.model.Combination;
import io.attune.schemas.model.Combination.HeadWeights;
import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.BaselineFit;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests what becomes of a model that is below a linear one. */
class LinearPartVerdictTest {
  private static final GateConfig GATE =
      new GateConfig(
          "all",
          "0.01",
          0.05,
          Demand.NOT_WORSE,
          Floor.NOT_BELOW,
          0.025,
          new Veto(0.025, 0),
          1000,
          7);
  private static final Versions FIRST = new Versions("2026-01-02.1", "2026-01-02.1-linear", null);
  private static final Versions NEXT =
      new Versions("2026-01-02.1", "2026-01-02.1-linear", "2026-01-01.1");

  @Test
  void promotesTheLinearPartOfTheFirstModelIfThatBeatsTheModel() {
    Verdict verdict =
        verdict(
            FIRST,
            new HeadEvidence("topic", Reference.MAJORITY, majority(800, 200), part(700, 10, 100)),
            new HeadEvidence(
                "topic", Reference.MAJORITY, majority(890, 110), Baseline.none(List.of())));

    VerdictRecord published = verdict.toRecord(FIRST);
    assertThat(published.decision()).isEqualTo("promote-linear-part");
    assertThat(published.promoted()).isEqualTo("2026-01-02.1-linear");
    assertThat(published.headline())
        .isEqualTo(
            "2026-01-02.1-linear goes into use, the linear part of 2026-01-02.1 alone, since with its"
                + " network it is below a linear model (on 'topic' macro-F1 0.7100 against 0.8000):"
                + " it is the better linear model on the validation split.");
    assertThat(published.reasons().get(0))
        .startsWith("On 'topic' its linear part alone beats always answering");
    assertThat(published.baselines())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.baseline()).isEqualTo("linear-part");
              assertThat(record.place()).isEqualTo("below");
              assertThat(record.rows()).isEqualTo(1000);
              assertThat(record.modelMacroF1()).isLessThan(record.baselineMacroF1());
              assertThat(record.interval().high()).isNegative();
              assertThat(record.pValue()).isLessThan(0.01);
            });
  }

  @Test
  void keepsTheCurrentModelIfTheLinearPartDoesNotPassTheGateEither() {
    Verdict verdict =
        verdict(
            NEXT,
            new HeadEvidence("topic", Reference.CURRENT, pair(700, 5, 200), part(700, 10, 100)),
            new HeadEvidence(
                "topic", Reference.CURRENT, pair(780, 5, 120), Baseline.none(List.of())));

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.toRecord(NEXT).inUse()).isEqualTo("2026-01-01.1");
    assertThat(verdict.grounds().headline())
        .startsWith(
            "2026-01-01.1 stays in use: 2026-01-02.1 is kept out, since on 'topic' it is below its"
                + " linear part alone");
    assertThat(verdict.grounds().reasons())
        .anyMatch(r -> r.startsWith("On 'topic' its linear part alone is worse than the current"));
  }

  @Test
  void holdsTheLinearPartAgainstTheRegressionWhereThatIsTheBetterLinearModel() {
    Verdict verdict =
        verdict(
            FIRST,
            new HeadEvidence(
                "topic",
                Reference.MAJORITY,
                majority(800, 200),
                Baseline.of(Kind.TF_IDF, pair(700, 10, 100))),
            new HeadEvidence(
                "topic",
                Reference.MAJORITY,
                majority(810, 190),
                Baseline.of(Kind.TF_IDF, pair(720, 10, 90))));

    assertThat(verdict.promotes()).isFalse();
    assertThat(verdict.grounds().baselines())
        .extracting("model")
        .containsExactly("2026-01-02.1", "2026-01-02.1-linear");
  }

  @Test
  void choosesTheLinearModelThatIsBetterOnTheValidationSplit() {
    assertThat(choice(0.81, 0.80).of("topic")).contains(Kind.LINEAR_PART);
    assertThat(choice(0.79, 0.80).of("topic")).contains(Kind.TF_IDF);
    assertThat(choice(null, 0.80).of("topic")).contains(Kind.TF_IDF);
    assertThat(choice(null, 0.80).remarks("topic", Optional.of(Kind.TF_IDF)))
        .containsExactly(
            "On 'topic' no validation row tells which linear model is the better one; the TF-IDF"
                + " regression is taken.");
  }

  @Test
  void saysThatABaselineIsMissing() {
    BaselineChoice none =
        new BaselineChoice(new Evaluation(List.of(), List.of(), List.of()), Optional.empty());

    assertThat(none.of("topic")).isEmpty();
    assertThat(none.remarks("topic", Optional.empty()))
        .singleElement()
        .asString()
        .startsWith("On 'topic' no linear model answered");
  }

  @Test
  void saysThatABaselineDidNotConverge() {
    BaselineChoice choice = choice(0.7, 0.8);
    BaselineChoice stopped =
        new BaselineChoice(
            choice.evaluation().withFits(List.of(new BaselineFit("topic", 900, 50, false))),
            choice.combination());

    assertThat(stopped.remarks("topic", Optional.of(Kind.TF_IDF)))
        .singleElement()
        .asString()
        .startsWith("The TF-IDF regression of 'topic' stopped after 50 iterations before")
        .endsWith("raise evaluate.baseline.max-iterations.");
    assertThat(stopped.remarks("topic", Optional.of(Kind.LINEAR_PART))).isEmpty();
  }

  @Test
  void saysThatLabelsMayBeShuffledWhereALinearModelFindsNothingEither() {
    HeadEvidence chance =
        new HeadEvidence(
            "topic",
            Reference.MAJORITY,
            majority(500, 500),
            Baseline.of(Kind.TF_IDF, pair(260, 240, 245)));

    Findings findings = Decision.ofCandidate(List.of(chance), GATE, "2026-01-02.1");

    assertThat(findings.outcome()).isEqualTo(Findings.Outcome.KEEP);
    assertThat(findings.reasons())
        .anyMatch(r -> r.startsWith("On 'topic' it does not clearly beat always answering"))
        .anyMatch(r -> r.endsWith("check whether each label still stands with its text."));
  }

  @Test
  void cannotTellTwoModelsApartOnShuffledLabels() {
    // Both are right by chance on the same rows: no difference, and no margin is lost.
    HeadEvidence chance =
        new HeadEvidence(
            "topic",
            Reference.CURRENT,
            pair(500, 0, 0),
            Baseline.of(Kind.TF_IDF, pair(260, 240, 245)));

    Findings findings = Decision.ofCandidate(List.of(chance), GATE, "2026-01-02.1");

    assertThat(findings.outcome()).isEqualTo(Findings.Outcome.CANNOT_TELL);
    assertThat(findings.reasons().get(0))
        .startsWith("On 'topic' it agrees with the labels no more than chance would");
  }

  private static Verdict verdict(Versions versions, HeadEvidence candidate, HeadEvidence part) {
    Findings whole = Decision.ofCandidate(List.of(candidate), GATE, versions.candidate());
    assertThat(whole.isBelowBaseline()).isTrue();
    Findings alone = Decision.ofLinearPart(List.of(part), GATE, versions.linearPart());
    return Verdict.of(whole, alone, new Headline(versions, List.of(candidate), GATE));
  }

  private static BaselineChoice choice(Double linear, double tfIdf) {
    List<HeadResult> results = new ArrayList<>();
    for (String model : List.of(Evaluation.CANDIDATE_LINEAR, Evaluation.BASELINE)) {
      results.add(HeadResult.builder(model, "test", "topic", 9).build());
    }
    results.add(
        HeadResult.builder(Evaluation.BASELINE, "validation", "topic", 9).macroF1(tfIdf).build());
    return new BaselineChoice(
        new Evaluation(results, List.of(), List.of()),
        Optional.of(
            Combination.of(List.of(new HeadWeights("topic", 0.5, 0.5, 9, 0.3, 0.3, 0.3, linear)))));
  }

  private static Baseline part(long both, long candidateOnly, long partOnly) {
    return Baseline.of(Kind.LINEAR_PART, pair(both, candidateOnly, partOnly));
  }

  private static PairedOutcomes majority(long right, long wrong) {
    return PairedOutcomes.of(
        2,
        List.of(
            new Cell(0, 0, 0, right / 2),
            new Cell(0, 1, 0, wrong / 2),
            new Cell(1, 1, 0, right / 2),
            new Cell(1, 0, 0, wrong / 2)));
  }

  /** Returns two models on 1,000 rows of two equal classes. */
  private static PairedOutcomes pair(long both, long candidateOnly, long otherOnly) {
    long neither = 1000 - both - candidateOnly - otherOnly;
    return PairedAnswers.of(both, candidateOnly, otherOnly, neither);
  }
}
