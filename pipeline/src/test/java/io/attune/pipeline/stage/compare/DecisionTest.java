package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.stage.compare.Verdict.Grounds;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.report.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final PairedOutcomes NO_ROWS = PairedOutcomes.of(2, List.of());
  private static final Baseline NO_BASELINE = Baseline.none(List.of());
  private static final Veto NO_MARGIN = new Veto(0.025, 0);
  private static final Versions VERSIONS =
      new Versions("2026-01-02.1", "2026-01-02.1-linear", "2026-01-01.1");
  private static final GateConfig GATE = gate("all", 0.01, Demand.NOT_WORSE);

  @Test
  void promotesTheFirstModelThatBeatsTheMajorityClass() {
    Verdict verdict = decide(List.of(first("topic", 80, 20, 15, 85)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.grounds().tests()).isEmpty();
    assertThat(verdict.grounds().reasons())
        .hasSize(2)
        .first()
        .asString()
        .startsWith(
            "On 'topic' it beats always answering the most frequent class: macro-F1 0.8249 against"
                + " 0.3333, accuracy 0.8250 against 0.5000")
        .endsWith("on 200 test rows.");
  }

  @Test
  void keepsAFirstModelThatAnswersLikeACoin() {
    Verdict verdict = decide(List.of(first("topic", 52, 48, 49, 51)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.grounds().reasons().get(0))
        .startsWith("On 'topic' it does not clearly beat always answering the most frequent class");
  }

  @Test
  void promotesAFirstModelThatFindsARareClassAtSomeCostInAccuracy() {
    // 20 of 1,000 are of the rare class: accuracy 0.978 compared with 0.980 of saying no to all.
    Verdict verdict = decide(List.of(first("alarm", 963, 17, 5, 15)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.grounds().reasons().get(0)).contains("accuracy 0.9780 against 0.9800");
  }

  @Test
  void keepsAModelBelowTheBaselineWhetherAnotherIsInUseOrNot() {
    Baseline below = Baseline.of(Kind.TF_IDF, PairedAnswers.of(700, 10, 100, 190));
    HeadEvidence first =
        new HeadEvidence(
            "topic", Reference.MAJORITY, first("topic", 800, 200, 150, 850).outcomes(), below);
    HeadEvidence next =
        new HeadEvidence(
            "topic", Reference.CURRENT, current("topic", 4500, 100, 100, 300).outcomes(), below);

    for (HeadEvidence evidence : List.of(first, next)) {
      Verdict verdict = decide(List.of(evidence), GATE);
      assertThat(verdict).isInstanceOf(Verdict.Keep.class);
      assertThat(verdict.grounds().reasons().get(0))
          .startsWith("On 'topic' it is below the TF-IDF regression: macro-F1 0.")
          .endsWith("on 1,000 test rows, one-sided p 0.0010 by itself.");
      assertThat(verdict.grounds().reasons())
          .contains(
              "A model below what a linear one reaches is kept out, unless gate.baseline is ignore.")
          .noneMatch(reason -> reason.contains("beats always answering"));
    }
  }

  @Test
  void onlySaysThatAModelIsBelowTheBaselineWhereThatIsIgnoredOrTheHeadDoesNotCount() {
    HeadEvidence below =
        new HeadEvidence(
            "topic",
            Reference.MAJORITY,
            first("topic", 800, 200, 150, 850).outcomes(),
            Baseline.of(Kind.TF_IDF, PairedAnswers.of(700, 10, 100, 190)));
    GateConfig ignoring =
        new GateConfig("all", "0.01", 1, Demand.NOT_WORSE, Floor.IGNORE, 0.025, NO_MARGIN, 2000, 7);

    Verdict ignored = decide(List.of(below), ignoring);
    Verdict otherHead =
        decide(List.of(below, first("mood", 80, 20, 15, 85)), gate("mood", 0.01, Demand.NOT_WORSE));

    for (Verdict verdict : List.of(ignored, otherHead)) {
      assertThat(verdict.promotes()).isTrue();
      assertThat(verdict.grounds().reasons())
          .anySatisfy(
              reason ->
                  assertThat(reason)
                      .startsWith("On 'topic' it is below the TF-IDF regression: macro-F1 0.")
                      .doesNotContain("gate.baseline"));
    }
  }

  @Test
  void promotesAModelThatCannotBeToldFromTheBaseline() {
    HeadEvidence near =
        new HeadEvidence(
            "topic",
            Reference.MAJORITY,
            first("topic", 800, 200, 150, 850).outcomes(),
            Baseline.of(Kind.LINEAR_PART, PairedAnswers.of(800, 95, 100, 5)));

    Verdict verdict = decide(List.of(near), GATE);

    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.grounds().reasons().get(0))
        .contains("not clearly apart from its linear part alone");
    assertThat(verdict.grounds().headline())
        .isEqualTo(
            "2026-01-02.1 goes into use in place of 2026-01-01.1: on 'topic' macro-F1 0.8950, which"
                + " cannot be told from its linear part alone (0.9000).");
  }

  @Test
  void promotesWithinTheMarginAndNamesTheSmallestDetectableDifference() {
    Verdict verdict = decide(List.of(current("topic", 4500, 100, 100, 300)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.grounds().reasons().get(0))
        .startsWith("On 'topic' it is within the margin of the current model: macro-F1 0.92")
        .endsWith("gate.margin allows a loss of 0.0100.");
    assertThat(verdict.grounds().reasons().get(1))
        .matches(
            "The 5,000 test rows for 'topic' show a difference in macro-F1 of 0\\.00\\d\\d or more"
                + " in four cases of five\\.");
    assertThat(verdict.grounds().tests())
        .extracting("test")
        .containsExactly("paired-bootstrap-macro-f1", "mcnemar-mid-p");
    assertThat(verdict.grounds().tests().get(0).smallestDetectable()).isBetween(0.005, 0.01);
    assertThat(verdict.grounds().tests().get(1).pValue()).isEqualTo(1);
  }

  @Test
  void keepsWhereTheTestSetIsTooSmallToShowThatNothingIsLost() {
    Verdict verdict = decide(List.of(current("topic", 45, 3, 3, 9)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.CannotTell.class);
    assertThat(verdict.grounds().headline())
        .startsWith(
            "2026-01-01.1 stays in use: whether 2026-01-02.1 is good enough cannot be told, since on"
                + " 'topic' it cannot be shown that it is not worse than the current model");
    assertThat(verdict.grounds().reasons().get(0))
        .startsWith(
            "On 'topic' it cannot be shown that it is not worse than the current model: macro-F1");
  }

  @Test
  void keepsWhereTheCandidateIsWorse() {
    Verdict verdict = decide(List.of(current("topic", 4000, 100, 400, 500)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.grounds().reasons())
        .anySatisfy(r -> assertThat(r).startsWith("On 'topic' it is worse than the current model"))
        .anySatisfy(
            r ->
                assertThat(r)
                    .contains("only it is right on 100 test rows, only the current model on 400")
                    .contains("one-sided mid-p below 0.0001"));
  }

  @Test
  void keepsWhereAnotherHeadThanTheMainOneIsSignificantlyWorse() {
    List<HeadEvidence> evidence =
        List.of(current("topic", 4500, 100, 90, 310), current("mood", 4000, 100, 400, 500));

    Verdict verdict = decide(evidence, gate("topic", 0.01, Demand.NOT_WORSE));

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.grounds().reasons())
        .anySatisfy(r -> assertThat(r).startsWith("On 'mood' it is worse than the current model"))
        .anySatisfy(r -> assertThat(r).endsWith("; gate.other-margin allows a loss of 0.0500."))
        .anySatisfy(
            r ->
                assertThat(r)
                    .startsWith("On 'mood' it is significantly less often right than the current"));
  }

  @Test
  void correctsForTheNumberOfHeads() {
    // McNemar's mid-p is 0.035 on the second head: significant alone, not among five.
    HeadEvidence suspicious = current("b", 9000, 20, 35, 945);
    List<HeadEvidence> many = new ArrayList<>(List.of(current("a", 9000, 50, 50, 900)));
    many.add(suspicious);
    for (String head : List.of("c", "d", "e")) {
      many.add(current(head, 9000, 50, 50, 900));
    }
    GateConfig mainHead = gate("a", 0.01, Demand.NOT_WORSE);

    assertThat(decide(many.subList(0, 1), mainHead).promotes()).isTrue();
    assertThat(decide(many, mainHead).promotes()).isTrue();
    assertThat(decide(List.of(suspicious), gate("b", 0.01, Demand.NOT_WORSE)).promotes()).isFalse();
  }

  @Test
  void promotesOnlyABetterModelWhereBetterIsDemanded() {
    GateConfig better = gate("all", 0.01, Demand.BETTER);

    assertThat(decide(List.of(current("topic", 4500, 100, 100, 300)), better).grounds().reasons())
        .contains(
            "gate.require demands a better model, and on no head that counts is it significantly"
                + " better than the current one.");
    Verdict verdict = decide(List.of(current("topic", 4500, 200, 50, 250)), better);
    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.grounds().reasons()).anyMatch(r -> r.contains("as gate.require demands"));
  }

  @Test
  void holdsAHeadThatIsNewAgainstTheMajorityClass() {
    List<HeadEvidence> evidence =
        List.of(current("topic", 4500, 100, 100, 300), first("new", 52, 48, 49, 51));

    assertThat(decide(evidence, GATE).promotes()).isFalse();
    assertThat(decide(evidence, gate("topic", 0.01, Demand.NOT_WORSE)).promotes()).isTrue();
  }

  @Test
  void keepsWhereNoTestRowHasALabel() {
    HeadEvidence empty = new HeadEvidence("topic", Reference.CURRENT, NO_ROWS, NO_BASELINE);

    Verdict verdict = decide(List.of(empty), GATE);

    assertThat(verdict.promotes()).isFalse();
    assertThat(verdict.grounds().reasons())
        .containsExactly("No test row has a label for 'topic', so that nothing can be said of it.");
  }

  @Test
  void promotesAModelThatAnswersExactlyLikeTheCurrentOne() {
    Verdict verdict = decide(List.of(current("topic", 90, 0, 0, 10)), GATE);

    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.grounds().reasons().get(1))
        .contains("both models score the same in every resample");
    assertThat(verdict.grounds().tests().get(0).smallestDetectable()).isNull();
  }

  @Test
  void turnsIntoTheRecordThatIsPublished() {
    Grounds grounds = new Grounds("a stays.", List.of("It is worse."), List.of(), List.of(), null);
    Versions versions = new Versions("b", "b-linear", "a");

    VerdictRecord kept = new Verdict.Keep(grounds).toRecord(versions);
    VerdictRecord part = new Verdict.PromoteLinearPart(grounds).toRecord(versions);

    assertThat(kept.promotes()).isFalse();
    assertThat(kept.decision()).isEqualTo("keep");
    assertThat(kept.inUse()).isEqualTo("a");
    assertThat(new Verdict.CannotTell(grounds).toRecord(versions).decision())
        .isEqualTo("cannot-tell");
    assertThat(part.promotes()).isTrue();
    assertThat(part.promoted()).isEqualTo("b-linear");
    assertThatThrownBy(() -> new Grounds("", List.of(), List.of(), List.of(), null))
        .hasMessage("a verdict must have a reason");
  }

  @Test
  void refusesAGateOutOfRange() {
    assertThatThrownBy(() -> gate("all", 1.5, Demand.BETTER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("margin must be in [0, 1] or 'auto', got 1.5");
    assertThatThrownBy(() -> gate(" ", 0.1, Demand.BETTER))
        .hasMessage("head must name a head, or be 'all'");
    assertThat(Demand.NOT_WORSE.word()).isEqualTo("not-worse");
  }

  private static GateConfig gate(String head, double margin, Demand demand) {
    return gate(head, margin, demand, 0.025);
  }

  private static GateConfig gate(String head, double margin, Demand demand, double level) {
    return new GateConfig(
        head, Double.toString(margin), 0.05, demand, Floor.NOT_BELOW, level, NO_MARGIN, 1000, 7);
  }

  private static Verdict decide(List<HeadEvidence> evidence, GateConfig gate) {
    return Verdict.of(
        Decision.ofCandidate(evidence, gate, VERSIONS.candidate()),
        new Headline(VERSIONS, evidence, gate));
  }

  /**
   * Returns evidence from the confusion of the candidate on two classes, compared with always
   * answering the first.
   */
  private static HeadEvidence first(String head, long a, long b, long c, long d) {
    return new HeadEvidence(
        head,
        Reference.MAJORITY,
        PairedOutcomes.of(
            2,
            List.of(
                new Cell(0, 0, 0, a),
                new Cell(0, 1, 0, b),
                new Cell(1, 0, 0, c),
                new Cell(1, 1, 0, d))),
        NO_BASELINE);
  }

  private static HeadEvidence current(
      String head, long both, long candidateOnly, long currentOnly, long neither) {
    return new HeadEvidence(
        head,
        Reference.CURRENT,
        PairedAnswers.of(both, candidateOnly, currentOnly, neither),
        NO_BASELINE);
  }
}
