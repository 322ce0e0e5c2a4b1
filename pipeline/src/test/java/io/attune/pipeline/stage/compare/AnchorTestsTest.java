package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.FallingLine;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.AnchorTests.OnHead;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.schemas.report.VerdictRecord.AnchorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnchorTestsTest {
  private static final GateConfig GATE = gate("0.02");

  @Test
  void aModelThatIsAsGoodAsTheAnchorPasses() {
    Findings findings = test(PairedAnswers.of(1780, 40, 40, 140), false);

    assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE);
    AnchorRecord record = findings.anchors().get(0);
    assertThat(record.place()).isEqualTo("within");
    assertThat(record.margin()).isEqualTo(1.5 * 0.02);
    assertThat(record.rows()).isEqualTo(2000);
    assertThat(findings.reasons())
        .singleElement()
        .asString()
        .startsWith("On 'mood' tonight keeps within reach of the anchor first: macro-F1 0.9")
        .endsWith("gate.anchor-margin allows a loss of 0.0300.");
  }

  @Test
  void aModelThatHasFallenBehindIsKeptOut() {
    Findings findings = test(PairedAnswers.of(1680, 20, 140, 160), false);

    assertThat(findings.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(findings.anchors().get(0).place()).isEqualTo("below");
    assertThat(findings.reasons().get(0)).contains("has fallen behind the anchor first");
  }

  @Test
  void rowsThatDoNotTellLeaveTheVerdictOpen() {
    Findings findings = test(PairedAnswers.of(80, 5, 5, 10), false);

    assertThat(findings.outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(findings.anchors().get(0).place()).isEqualTo("unknown");
  }

  @Test
  void anAnchorThatIsTheCurrentModelDecidesNothingMore() {
    Findings findings = test(PairedAnswers.of(1680, 20, 140, 160), true);

    assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE);
    assertThat(findings.reasons()).isEmpty();
    assertThat(findings.anchors()).hasSize(1);
  }

  @Test
  void classesWithAHandfulOfRowsDoNotCount() {
    Findings findings = new Findings();
    PairedOutcomes outcomes = rare(6);

    test(evidence(outcomes, Set.of()), outcomes, false, findings);

    AnchorRecord record = findings.anchors().get(0);
    assertThat(record.place()).isEqualTo("within");
    assertThat(record.rows()).isEqualTo(2006);
    assertThat(record.difference()).isBetween(-0.005, 0.0);
    assertThat(record.modelMacroF1() - record.anchorMacroF1())
        .isCloseTo(record.difference(), within(1e-12));
  }

  @Test
  void classesThatTheAnchorDoesNotKnowAreNoPartOfTheTrend() {
    Findings findings = new Findings();
    PairedOutcomes outcomes = rare(300);

    test(evidence(outcomes, Set.of(2)), outcomes, true, findings);

    AnchorRecord record = findings.anchors().get(0);
    assertThat(record.rows()).isEqualTo(2000);
    assertThat(record.difference()).isEqualTo(0);
  }

  @Test
  void anAnchorIsHeldAgainstWhereTheCurrentModelHasLearnedFromAllRows() {
    PairedOutcomes none = PairedOutcomes.of(2, List.of());
    Findings findings = new Findings();

    test(evidence(none, Set.of()), PairedAnswers.of(1680, 20, 140, 160), false, findings);

    assertThat(findings.outcome()).isEqualTo(Outcome.KEEP);
  }

  @Test
  void theMarginIsThatOfTheRowsThatTheAnchorAnswered() {
    PairedOutcomes few = PairedAnswers.of(180, 8, 8, 4);
    HeadEvidence many = evidence(PairedAnswers.of(17800, 400, 400, 1400), Set.of());
    GateConfig fromRows = gate(GateConfig.FROM_ROWS);
    Findings findings = new Findings();

    new AnchorTests(fromRows, "first", "tonight", false)
        .test(List.of(new OnHead(many, few, 19_800)), findings);

    assertThat(findings.anchors().get(0).margin()).isEqualTo(1.5 * 0.03); // not 1.5 * 0.005
    assertThat(findings.reasons().get(0))
        .contains(" on 200 test rows (the anchor has learned from 19,800 others), a difference");
  }

  @Test
  void nothingIsHeldAgainstAnAnchorThatHasLearnedFromNearlyAllRows() {
    for (long rows : new long[] {0, 2, 99}) {
      PairedOutcomes alike = PairedAnswers.of(rows, 0, 0, 0);
      Findings findings = new Findings();

      new AnchorTests(GATE, "first", "tonight", false)
          .test(List.of(new OnHead(evidence(alike, Set.of()), alike, 900)), findings);

      assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE);
      assertThat(findings.anchors()).isEmpty();
      assertThat(findings.reasons())
          .containsExactly(
              "On 'mood' tonight is not held against the anchor first: only %d of %d test rows are"
                      .formatted(rows, rows + 900)
                  + " new to that one (gate.min-rows.unseen is 100); pin another with: attune"
                  + " anchor.");
    }
  }

  @Test
  void aFallingTrendIsFoundAndNoiseIsNot() {
    List<Double> falling = new ArrayList<>();
    List<Double> level = new ArrayList<>();
    for (int night = 0; night < 30; night++) {
      double noise = 0.004 * Math.sin(7.3 * night);
      falling.add(noise - 0.0005 * night);
      level.add(noise);
    }

    assertThat(FallingLine.fall(falling, 0.01))
        .hasValueSatisfying(fall -> assertThat(fall).isBetween(0.01, 0.02));
    assertThat(FallingLine.fall(level, 0.01)).isEmpty();
    assertThat(FallingLine.fall(falling.subList(0, 9), 0.0001)).isEmpty();
  }

  private static Findings test(PairedOutcomes outcomes, boolean isCurrent) {
    Findings findings = new Findings();
    test(evidence(outcomes, Set.of()), outcomes, isCurrent, findings);
    return findings;
  }

  private static void test(
      HeadEvidence evidence, PairedOutcomes outcomes, boolean isCurrent, Findings findings) {
    new AnchorTests(GATE, "first", "tonight", isCurrent)
        .test(List.of(new OnHead(evidence, outcomes, 0)), findings);
  }

  private static GateConfig gate(String margin) {
    return new GateConfig(
        "all", margin, 1, Demand.NOT_WORSE, Floor.IGNORE, 0.025, new Veto(0.025, 0), 1000, 7);
  }

  private static HeadEvidence evidence(PairedOutcomes outcomes, Set<Integer> added) {
    return new HeadEvidence(
        "mood",
        Reference.CURRENT,
        outcomes,
        Baseline.none(List.of()),
        new Scope(0, List.of("down", "up", "odd"), added, 0));
  }

  /** Returns two equal models on 2,000 rows, and so many of a class that only the other finds. */
  private static PairedOutcomes rare(long rows) {
    return PairedOutcomes.of(
        3, List.of(new Cell(0, 0, 0, 1000), new Cell(1, 1, 1, 1000), new Cell(2, 0, 2, rows)));
  }
}
