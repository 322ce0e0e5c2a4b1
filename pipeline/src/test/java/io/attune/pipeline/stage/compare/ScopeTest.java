package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.stage.compare.Baseline.Kind;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import io.attune.pipeline.stage.compare.Verdict.Versions;
import io.attune.schemas.report.VerdictRecord.TestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests which rows and classes the gate compares. */
class ScopeTest {
  private static final GateConfig GATE =
      new GateConfig(
          "all",
          "0.02",
          0.05,
          Demand.NOT_WORSE,
          Floor.NOT_BELOW,
          0.025,
          new Veto(0.025, 0),
          1000,
          7);
  private static final List<String> CLASSES = List.of("down", "up", "odd");

  @Test
  void saysHowManyRowsAreLeftOutAndComparesTheOthers() {
    Findings findings = decide(evidence(known(2000, 0, 0), new Scope(153, CLASSES, Set.of(), 0)));

    assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE);
    assertThat(findings.tests()).extracting(TestRecord::leftOut).containsExactly(153L, null);
    assertThat(findings.reasons())
        .contains(
            "On 'topic' 153 of 4,153 test rows are left out of the comparison with the current model,"
                + " which was trained or validated on them or on copies of them.");
  }

  @Test
  void cannotTellWhereTooFewRowsAreNewToTheCurrentModel() {
    Findings findings = decide(evidence(known(40, 0, 0), new Scope(900, CLASSES, Set.of(), 0)));

    assertThat(findings.outcome()).isEqualTo(Outcome.CANNOT_TELL);
    assertThat(findings.tests()).isEmpty();
    assertThat(findings.reasons().get(0))
        .isEqualTo(
            "On 'topic' the current model was trained or validated on 900 of 980 test rows or on"
                + " copies of them, and 80 others are too few to compare it on"
                + " (gate.min-rows.unseen is 100): more documents, or the split that it was trained"
                + " with, would tell.");
    assertThat(findings.reasons()).noneMatch(reason -> reason.contains("are left out"));
  }

  @Test
  void listsAClassWithTooFewRowsAndDoesNotCountItsF1() {
    List<Cell> cells = new ArrayList<>(known(2000, 0, 0));
    cells.add(new Cell(2, 0, 2, 12)); // only the current model finds it
    Scope scope = new Scope(0, CLASSES, Set.of(), 0);
    GateConfig withoutVeto =
        new GateConfig(
            "all", "0.02", 1, Demand.NOT_WORSE, Floor.IGNORE, 0.025, new Veto(1e-4, 0.5), 1000, 7);

    Findings findings = Decision.ofCandidate(List.of(evidence(cells, scope)), withoutVeto, "x");

    assertThat(findings.outcome()).isEqualTo(Outcome.PROMOTE);
    assertThat(findings.tests().get(0).difference()).isBetween(-0.005, 0.0);
    assertThat(findings.reasons())
        .contains(
            "On 'topic' too few test rows to judge: 'odd' (12). Below gate.min-rows.of-class, 20, the"
                + " F1 of a class does not count.");
  }

  @Test
  void comparesTheCurrentModelOnClassesThatItKnows() {
    List<Cell> cells = new ArrayList<>(known(1000, 0, 80)); // of each old class 80 are lost
    cells.add(new Cell(2, 2, 0, 300));

    Findings findings = decide(evidence(cells, new Scope(0, CLASSES, Set.of(2), 0)));

    assertThat(findings.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(findings.reasons().get(0)).startsWith("On 'topic' it is worse than the current");
    assertThat(findings.tests()).extracting(TestRecord::rows).containsOnly(2000L);
    assertThat(findings.reasons())
        .contains(
            "On 'topic' the current model does not know 'odd': it is compared on the test rows of the"
                + " other classes.",
            "On 'topic' it finds 'odd', which the current model does not know, more than always"
                + " answering the most frequent class: F1 1.0000 on 300 test rows.");
  }

  @Test
  void theHeadlineHoldsNoNewClassAgainstTheCurrentModel() {
    List<Cell> withCurrent = new ArrayList<>(known(1000, 0, 80));
    withCurrent.add(new Cell(2, 2, 0, 300));
    List<Cell> inUse = new ArrayList<>(known(1000, 80, 0)); // the current model before the linear
    inUse.add(new Cell(2, 0, 2, 300));
    HeadEvidence evidence =
        new HeadEvidence(
            "topic",
            Reference.CURRENT,
            PairedOutcomes.of(3, withCurrent),
            new Baseline(
                Kind.TF_IDF,
                PairedOutcomes.of(3, withCurrent),
                PairedOutcomes.of(3, inUse),
                List.of()),
            new Scope(0, CLASSES, Set.of(2), 0));

    String headline =
        new Headline(new Versions("b", "b-linear", "a"), List.of(evidence), GATE)
            .of(decide(evidence));

    assertThat(headline)
        .startsWith(
            "a stays in use (on 'topic' its macro-F1 1.0000 beats tonight's TF-IDF regression"
                + " (0.9200)): b is kept out, since on 'topic' it is worse");
  }

  @Test
  void keepsAModelThatDoesNotFindTheClassThatIsNew() {
    List<Cell> cells = new ArrayList<>(known(1000, 0, 0));
    cells.add(new Cell(2, 0, 0, 300));

    Findings findings = decide(evidence(cells, new Scope(0, CLASSES, Set.of(2), 0)));

    assertThat(findings.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(findings.reasons().get(0))
        .startsWith("On 'topic' it does not clearly find 'odd', which the current model does not");
  }

  @Test
  void keepsAModelThatIsBelowTheLinearOneOnTheClassThatIsNew() {
    List<Cell> withLinear = new ArrayList<>(known(6000, 0, 0));
    withLinear.add(new Cell(2, 2, 2, 60));
    withLinear.add(new Cell(2, 0, 2, 40)); // only the linear model finds these
    List<Cell> withCurrent = new ArrayList<>(known(6000, 0, 0));
    withCurrent.add(new Cell(2, 2, 0, 60));
    withCurrent.add(new Cell(2, 0, 0, 40));
    HeadEvidence evidence =
        new HeadEvidence(
            "topic",
            Reference.CURRENT,
            PairedOutcomes.of(3, withCurrent),
            Baseline.of(Kind.TF_IDF, PairedOutcomes.of(3, withLinear)),
            new Scope(0, CLASSES, Set.of(2), 0));

    Findings findings = decide(evidence);

    assertThat(findings.outcome()).isEqualTo(Outcome.KEEP);
    assertThat(findings.reasons())
        .anyMatch(
            reason ->
                reason.endsWith(
                    "F1 0.7500 on 100 test rows, and is below the TF-IDF regression (1.0000)."));
  }

  private static Findings decide(HeadEvidence evidence) {
    return Decision.ofCandidate(List.of(evidence), GATE, "2026-01-02.1");
  }

  private static HeadEvidence evidence(List<Cell> cells, Scope scope) {
    return new HeadEvidence(
        "topic", Reference.CURRENT, PairedOutcomes.of(3, cells), Baseline.none(List.of()), scope);
  }

  /**
   * Returns so many rows of two classes each, with those that only one of the models gets right.
   */
  private static List<Cell> known(long each, long candidateOnly, long currentOnly) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < 2; actual++) {
      cells.add(new Cell(actual, actual, 1 - actual, candidateOnly));
      cells.add(new Cell(actual, 1 - actual, actual, currentOnly));
      cells.add(new Cell(actual, actual, actual, each - candidateOnly - currentOnly));
    }
    return cells;
  }
}
