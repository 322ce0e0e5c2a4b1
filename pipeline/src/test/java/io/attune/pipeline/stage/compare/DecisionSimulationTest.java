package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PromotionPower;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Draws nights of models whose quality is known, and counts how often the gate promotes. Seeds are
 * fixed; three standard errors of 600 nights are 1.9 points at 2.5 % and 5 points at 80 %.
 */
class DecisionSimulationTest {
  private static final int NIGHTS = 600;

  /** Bounds what 600 nights show where the probability is 2.5 %. */
  private static final double AT_MOST = 0.025 + 0.019;

  /** Describes a pair of models on one head: fractions of rows that only one of them gets right. */
  @SuppressWarnings("ArrayRecordComponent") // read in a loop; never compared
  private record Pair(double candidateOnly, double currentOnly, int... rowsByClass) {}

  @Test
  void seldomCallsAnEqualModelBetter() {
    GateConfig better = gate("0.02", Demand.BETTER, 0.025);

    assertThat(promoted(better, new Pair(0.05, 0.05, 1000, 1000))).isLessThan(AT_MOST);
  }

  @Test
  void findsAClearlyBetterModel() {
    GateConfig better = gate("0.01", Demand.BETTER, 0.025);

    assertThat(promoted(better, new Pair(0.08, 0.03, 1000, 1000))).isGreaterThan(0.99);
  }

  @Test
  void promotesAModelAtTheMarginInNoMoreNightsThanTheLevelSays() {
    Pair atMargin = new Pair(0.04, 0.06, 1000, 1000);

    assertThat(promoted(gate("0.02", Demand.NOT_WORSE, 0.025), atMargin)).isLessThan(AT_MOST);
    assertThat(promoted(gate("0.02", Demand.NOT_WORSE, 0.2), atMargin)).isBetween(0.1, 0.25);
  }

  @Test
  void promotesAModelAtTheMarginOfOneOfTwoHeadsNoMoreOften() {
    GateConfig gate = gate("0.02", Demand.NOT_WORSE, 0.025);

    assertThat(promoted(gate, new Pair(0.04, 0.06, 1000, 1000), new Pair(0.05, 0.05, 4000, 4000)))
        .isLessThan(AT_MOST);
  }

  @Test
  void isStricterAtAStricterLevel() {
    Pair slightlyWorse = new Pair(0.045, 0.05, 2000, 2000);
    double before = 1;
    for (double level : new double[] {0.2, 0.05, 0.01, 0.002}) {
      double promoted = fraction(nights(100, gate("0.01", Demand.NOT_WORSE, level), slightlyWorse));
      assertThat(promoted).as("at %s", level).isLessThanOrEqualTo(before);
      before = promoted;
    }
    assertThat(before).isLessThan(0.1);
  }

  @Test
  void promotesAnEqualModelAsOftenAsTheSentenceSays() {
    GateConfig gate = gate("0.01", Demand.NOT_WORSE, 0.025);
    for (Pair equal :
        List.of(
            new Pair(0.04, 0.04, 1100, 1100),
            new Pair(0.04, 0.04, 3200, 3200),
            new Pair(0.04, 0.04, 9000, 3000))) {
      assertForeseen(gate, equal);
    }
  }

  @Test
  void promotesAnEqualModelOfTwoHeadsAsOftenAsTheSentenceSays() {
    assertForeseen(
        gate("0.01", Demand.NOT_WORSE, 0.025),
        new Pair(0.04, 0.04, 3000, 3000),
        new Pair(0.05, 0.05, 3000, 3000));
  }

  @Test
  void promotesAnEqualModelInFourNightsOfFiveByTheMarginThatIsTakenFromTheRows() {
    assertThat(
            promoted(
                gate(GateConfig.FROM_ROWS, Demand.NOT_WORSE, 0.025),
                new Pair(0.04, 0.04, 1100, 1100)))
        .isBetween(0.77, 0.87);
  }

  @Test
  void promotesAModelAtTheMarginNoMoreOftenWhereAClassHasTenRows() {
    Pair pair = new Pair(0.03, 0.08, 600, 600, 10);
    double margin = -trueDifference(pair);

    assertThat(margin).isBetween(0.03, 0.06);
    assertThat(promoted(gate(Double.toString(margin), Demand.NOT_WORSE, 0.025), pair))
        .isLessThan(AT_MOST);
  }

  @Test
  void promotesAnEqualModelWhereAClassHasThreeRows() {
    assertThat(promoted(gate("0.02", Demand.NOT_WORSE, 0.025), new Pair(0.03, 0.03, 1000, 1000, 3)))
        .isGreaterThan(0.8);
  }

  /** Compares the fraction of nights with what each of them says beforehand, on average. */
  private static void assertForeseen(GateConfig gate, Pair... heads) {
    List<Findings> nights = nights(NIGHTS, gate, heads);
    double said =
        nights.stream()
            .map(Findings::power)
            .mapToDouble(power -> power.map(PromotionPower::probability).orElseThrow())
            .average()
            .orElseThrow();

    assertThat(fraction(nights)).isCloseTo(said, within(0.05));
  }

  private static double promoted(GateConfig gate, Pair... heads) {
    return fraction(nights(NIGHTS, gate, heads));
  }

  private static double fraction(List<Findings> nights) {
    return nights.stream().filter(night -> night.outcome() == Outcome.PROMOTE).count()
        / (double) nights.size();
  }

  private static List<Findings> nights(int count, GateConfig gate, Pair... heads) {
    SplittableRandom random = new SplittableRandom(20261130);
    List<Findings> nights = new ArrayList<>();
    for (int night = 0; night < count; night++) {
      List<HeadEvidence> evidence = new ArrayList<>();
      for (Pair head : heads) {
        evidence.add(
            new HeadEvidence(
                "head-" + evidence.size(),
                Reference.CURRENT,
                draw(head, random),
                Baseline.none(List.of())));
      }
      nights.add(Decision.ofCandidate(evidence, gate, "2026-01-02.1"));
    }
    return nights;
  }

  /** Draws the answers of both models, of which one row in ten is wrong for both. */
  private static PairedOutcomes draw(Pair pair, SplittableRandom random) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < pair.rowsByClass().length; actual++) {
      long[] drawn = new long[4];
      for (int row = 0; row < pair.rowsByClass()[actual]; row++) {
        double u = random.nextDouble();
        int kind =
            u < pair.candidateOnly()
                ? 1
                : u < pair.candidateOnly() + pair.currentOnly() ? 2 : u < 0.9 ? 0 : 3;
        drawn[kind]++;
      }
      cells.addAll(cells(actual, drawn));
    }
    return PairedOutcomes.of(pair.rowsByClass().length, cells);
  }

  /** Returns the difference in macro-F1, of the classes that count, of infinitely many rows. */
  private static double trueDifference(Pair pair) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < pair.rowsByClass().length; actual++) {
      double rows = 1000.0 * pair.rowsByClass()[actual];
      cells.addAll(
          cells(
              actual,
              new long[] {
                Math.round(rows * (0.9 - pair.candidateOnly() - pair.currentOnly())),
                Math.round(rows * pair.candidateOnly()),
                Math.round(rows * pair.currentOnly()),
                Math.round(rows * 0.1)
              }));
    }
    PairedOutcomes outcomes =
        PairedOutcomes.of(pair.rowsByClass().length, cells).judging(20 * 1000);
    return outcomes.candidateMacroF1() - outcomes.otherMacroF1();
  }

  /** Returns the cells of a class: both right, one of them, none; wrong is another large class. */
  private static List<Cell> cells(int actual, long[] drawn) {
    int wrong = actual == 0 ? 1 : 0;
    return List.of(
        new Cell(actual, actual, actual, drawn[0]),
        new Cell(actual, actual, wrong, drawn[1]),
        new Cell(actual, wrong, actual, drawn[2]),
        new Cell(actual, wrong, wrong, drawn[3]));
  }

  private static GateConfig gate(String margin, Demand demand, double level) {
    return new GateConfig(
        "all", margin, 0.05, demand, Floor.NOT_BELOW, level, new Veto(0.025, 0), 1000, 7);
  }
}
