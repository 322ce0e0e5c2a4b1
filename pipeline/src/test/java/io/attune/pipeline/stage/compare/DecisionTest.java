package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.report.VerdictRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final PairedOutcomes NO_BASELINE = PairedOutcomes.of(2, List.of());
  private static final GateConfig GATE = gate("all", 0.01, Demand.NOT_WORSE);

  @Test
  void promotesTheFirstModelThatBeatsTheMajorityClass() {
    Verdict verdict = Decision.decide(List.of(first("topic", 80, 20, 15, 85)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.tests()).isEmpty();
    assertThat(verdict.reasons())
        .singleElement()
        .asString()
        .startsWith(
            "On 'topic' it beats always answering the most frequent class: macro-F1 0.8249 against"
                + " 0.3333, accuracy 0.8250 against 0.5000")
        .endsWith("on 200 test rows.");
  }

  @Test
  void keepsAFirstModelThatAnswersLikeACoin() {
    Verdict verdict = Decision.decide(List.of(first("topic", 52, 48, 49, 51)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.reasons().get(0))
        .startsWith("On 'topic' it does not clearly beat always answering the most frequent class");
  }

  @Test
  void promotesAFirstModelThatFindsARareClassAtSomeCostInAccuracy() {
    // 20 of 1,000 are of the rare class: accuracy 0.978 compared with 0.980 of saying no to all.
    Verdict verdict = Decision.decide(List.of(first("alarm", 963, 17, 5, 15)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.reasons().get(0)).contains("accuracy 0.9780 against 0.9800");
  }

  @Test
  void keepsAModelBelowTheBaselineWhetherAnotherIsInUseOrNot() {
    PairedOutcomes below = against(700, 10, 100, 190);
    HeadEvidence first =
        new HeadEvidence(
            "topic", Reference.MAJORITY, first("topic", 800, 200, 150, 850).outcomes(), below);
    HeadEvidence next =
        new HeadEvidence(
            "topic", Reference.CURRENT, current("topic", 4500, 100, 100, 300).outcomes(), below);

    for (HeadEvidence evidence : List.of(first, next)) {
      Verdict verdict = Decision.decide(List.of(evidence), GATE);
      assertThat(verdict).isInstanceOf(Verdict.Keep.class);
      assertThat(verdict.reasons().get(0))
          .startsWith("On 'topic' it is below the linear baseline: macro-F1 0.")
          .endsWith("unless gate.baseline is ignore.");
    }
  }

  @Test
  void onlySaysThatAModelIsBelowTheBaselineWhereThatIsIgnoredOrTheHeadDoesNotCount() {
    HeadEvidence below =
        new HeadEvidence(
            "topic",
            Reference.MAJORITY,
            first("topic", 800, 200, 150, 850).outcomes(),
            against(700, 10, 100, 190));
    GateConfig ignoring =
        new GateConfig("all", 0.01, Demand.NOT_WORSE, Floor.IGNORE, 0.05, 1000, 7);

    Verdict ignored = Decision.decide(List.of(below), ignoring);
    Verdict otherHead =
        Decision.decide(
            List.of(below, first("mood", 80, 20, 15, 85)), gate("mood", 0.01, Demand.NOT_WORSE));

    for (Verdict verdict : List.of(ignored, otherHead)) {
      assertThat(verdict.promotes()).isTrue();
      assertThat(verdict.reasons())
          .anySatisfy(
              reason ->
                  assertThat(reason)
                      .startsWith("On 'topic' it is below the linear baseline: macro-F1 0.")
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
            against(800, 95, 100, 5));

    Verdict verdict = Decision.decide(List.of(near), GATE);

    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.reasons().get(1)).contains("not clearly apart from the linear baseline");
  }

  @Test
  void promotesWithinTheMarginAndNamesTheSmallestDetectableDifference() {
    Verdict verdict = Decision.decide(List.of(current("topic", 4500, 100, 100, 300)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Promote.class);
    assertThat(verdict.reasons().get(0))
        .startsWith("On 'topic' it is within the margin of the current model: macro-F1 0.92")
        .endsWith("gate.margin allows a loss of 0.0100.");
    assertThat(verdict.reasons().get(1))
        .matches(
            "The 5,000 test rows for 'topic' show a difference in macro-F1 of 0\\.00\\d\\d or more"
                + " in four cases of five\\.");
    assertThat(verdict.tests())
        .extracting("test")
        .containsExactly("paired-bootstrap-macro-f1", "mcnemar-mid-p");
    assertThat(verdict.tests().get(0).smallestDetectable()).isBetween(0.005, 0.01);
    assertThat(verdict.tests().get(1).pValue()).isEqualTo(1);
  }

  @Test
  void keepsWhereTheTestSetIsTooSmallToShowThatNothingIsLost() {
    Verdict verdict = Decision.decide(List.of(current("topic", 45, 3, 3, 9)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.reasons().get(0))
        .startsWith(
            "On 'topic' it cannot be shown that it is not worse than the current model: macro-F1");
  }

  @Test
  void keepsWhereTheCandidateIsWorse() {
    Verdict verdict = Decision.decide(List.of(current("topic", 4000, 100, 400, 500)), GATE);

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.reasons())
        .anySatisfy(r -> assertThat(r).startsWith("On 'topic' it is worse than the current model"))
        .anySatisfy(
            r ->
                assertThat(r)
                    .contains("only it is right on 100 test rows, only the current model on 400")
                    .contains("mid-p below 0.0001"));
  }

  @Test
  void keepsWhereAnotherHeadThanTheMainOneIsSignificantlyWorse() {
    List<HeadEvidence> evidence =
        List.of(current("topic", 4500, 100, 90, 310), current("mood", 4000, 100, 400, 500));

    Verdict verdict = Decision.decide(evidence, gate("topic", 0.01, Demand.NOT_WORSE));

    assertThat(verdict).isInstanceOf(Verdict.Keep.class);
    assertThat(verdict.reasons().get(0))
        .startsWith("On 'mood' it is significantly less often right than the current model");
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

    assertThat(Decision.decide(many.subList(0, 1), mainHead).promotes()).isTrue();
    assertThat(Decision.decide(many, mainHead).promotes()).isTrue();
    assertThat(Decision.decide(List.of(suspicious), gate("b", 0.01, Demand.NOT_WORSE)).promotes())
        .isFalse();
  }

  @Test
  void promotesOnlyABetterModelWhereBetterIsDemanded() {
    GateConfig better = gate("all", 0.01, Demand.BETTER);

    assertThat(Decision.decide(List.of(current("topic", 4500, 100, 100, 300)), better).reasons())
        .contains(
            "gate.require demands a better model, and on no head that counts is it significantly"
                + " better than the current one.");
    Verdict verdict = Decision.decide(List.of(current("topic", 4500, 200, 50, 250)), better);
    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.reasons()).anyMatch(r -> r.contains("as gate.require demands"));
  }

  @Test
  void holdsAHeadThatIsNewAgainstTheMajorityClass() {
    List<HeadEvidence> evidence =
        List.of(current("topic", 4500, 100, 100, 300), first("new", 52, 48, 49, 51));

    assertThat(Decision.decide(evidence, GATE).promotes()).isFalse();
    assertThat(Decision.decide(evidence, gate("topic", 0.01, Demand.NOT_WORSE)).promotes())
        .isTrue();
  }

  @Test
  void keepsWhereNoTestRowHasALabel() {
    HeadEvidence empty = new HeadEvidence("topic", Reference.CURRENT, NO_BASELINE, NO_BASELINE);

    Verdict verdict = Decision.decide(List.of(empty), GATE);

    assertThat(verdict.promotes()).isFalse();
    assertThat(verdict.reasons())
        .containsExactly("No test row has a label for 'topic', so that nothing can be said of it.");
  }

  @Test
  void promotesAModelThatAnswersExactlyLikeTheCurrentOne() {
    Verdict verdict = Decision.decide(List.of(current("topic", 90, 0, 0, 10)), GATE);

    assertThat(verdict.promotes()).isTrue();
    assertThat(verdict.reasons().get(1)).contains("both models score the same in every resample");
    assertThat(verdict.tests().get(0).smallestDetectable()).isNull();
  }

  @Test
  void turnsIntoTheRecordThatIsPublished() {
    VerdictRecord published =
        new Verdict.Keep(List.of("It is worse."), List.of()).toRecord("b", "a");

    assertThat(published.promotes()).isFalse();
    assertThat(published.decision()).isEqualTo("keep");
    assertThatThrownBy(() -> new Verdict.Promote(List.of(), List.of()))
        .hasMessage("a verdict must have a reason");
  }

  /** Tests two models of equal quality: if a better one is demanded, at most 5 % may pass. */
  @Test
  void seldomCallsAnEqualModelBetter() {
    assertThat(promotions(0.05, 0.05, 2000, gate("all", 0.01, Demand.BETTER))).isBetween(0.0, 0.05);
  }

  /**
   * Tests a candidate that is worse by exactly the margin: it passes in 2.5 % of cases by design.
   */
  @Test
  void seldomPassesAModelThatIsWorseByTheMargin() {
    assertThat(promotions(0.04, 0.06, 2000, gate("all", 0.02, Demand.NOT_WORSE)))
        .isBetween(0.0, 0.05);
  }

  /**
   * Tests the power: 2,000 rows, 10 % discordant, and a margin of 0.02 give 0.8 by the normal
   * approximation.
   */
  @Test
  void passesAnEqualModelInFourCasesOfFive() {
    assertThat(promotions(0.05, 0.05, 2000, gate("all", 0.02, Demand.NOT_WORSE)))
        .isBetween(0.74, 0.87);
  }

  /** Tests the power: a model that is 5 points better on 2,000 rows is found almost always. */
  @Test
  void findsAClearlyBetterModel() {
    assertThat(promotions(0.08, 0.03, 2000, gate("all", 0.01, Demand.BETTER))).isGreaterThan(0.99);
  }

  @Test
  void refusesAGateOutOfRange() {
    assertThatThrownBy(() -> gate("all", 1.5, Demand.BETTER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("margin must be in [0, 1], got 1.5");
    assertThatThrownBy(() -> gate(" ", 0.1, Demand.BETTER))
        .hasMessage("head must name a head, or be 'all'");
    assertThat(Demand.NOT_WORSE.word()).isEqualTo("not-worse");
  }

  /**
   * Returns the fraction of promotions among 1,000 nights, for given fractions of rows that only
   * one model answers correctly.
   */
  private static double promotions(
      double candidateOnly, double currentOnly, int rows, GateConfig gate) {
    SplittableRandom random = new SplittableRandom(20261120);
    int nights = 1000;
    int promoted = 0;
    for (int night = 0; night < nights; night++) {
      long[] drawn = new long[4];
      for (int row = 0; row < rows; row++) {
        double u = random.nextDouble();
        int kind = u < candidateOnly ? 1 : u < candidateOnly + currentOnly ? 2 : u < 0.9 ? 0 : 3;
        drawn[kind]++;
      }
      HeadEvidence evidence = current("topic", drawn[0], drawn[1], drawn[2], drawn[3]);
      promoted += Decision.decide(List.of(evidence), gate).promotes() ? 1 : 0;
    }
    return promoted / (double) nights;
  }

  private static GateConfig gate(String head, double margin, Demand demand) {
    return new GateConfig(head, margin, demand, Floor.NOT_BELOW, 0.05, 1000, 7);
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
        head, Reference.CURRENT, against(both, candidateOnly, currentOnly, neither), NO_BASELINE);
  }

  /**
   * Returns outcomes from the numbers of rows that both, one or neither model answers correctly,
   * spread evenly over two classes.
   */
  private static PairedOutcomes against(
      long both, long candidateOnly, long otherOnly, long neither) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < 2; actual++) {
      cells.add(new Cell(actual, actual, actual, half(both, actual)));
      cells.add(new Cell(actual, actual, 1 - actual, half(candidateOnly, actual)));
      cells.add(new Cell(actual, 1 - actual, actual, half(otherOnly, actual)));
      cells.add(new Cell(actual, 1 - actual, 1 - actual, half(neither, actual)));
    }
    return PairedOutcomes.of(2, cells);
  }

  private static long half(long rows, int actual) {
    return actual == 0 ? rows / 2 : rows - rows / 2;
  }
}
