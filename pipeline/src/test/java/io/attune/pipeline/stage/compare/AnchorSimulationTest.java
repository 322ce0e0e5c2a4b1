package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.metric.FallingLine;
import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.TestRows;
import io.attune.pipeline.stage.compare.AnchorTests.OnHead;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/**
 * Draws a hundred nights on one test split, of models whose quality is known, with the anchor and
 * without. A row has a difficulty that all models share; two models of the same quality disagree on
 * about 8 % of rows. Seeds are fixed.
 */
class AnchorSimulationTest {
  private static final int NIGHTS = 100;
  private static final int SERIES = 5;
  private static final int ROWS = 5_000;
  private static final double ACCURACY = 0.9;

  /** Sets the standard deviation of the accuracy of two trainings on the same rows. */
  private static final double NOISE = 0.001;

  /** Sets the share of a model's own in what decides whether it is right on a row. */
  private static final double OWN = 0.42;

  /** Holds what became of one series: true accuracy of live model minus anchor, and promotions. */
  private record Series(double sinceTheAnchor, int promotions, int alerts) {}

  @Test
  void slowRotLeavesTheLiveModelWithinTheAnchorsMarginAfterAHundredNights() {
    GateConfig gate = gate();
    double margin = 1.5 * margin(gate);
    List<Series> with = series(gate, 0.0005, true);
    List<Series> without = series(gate, 0.0005, false);

    assertThat(with)
        .allSatisfy(series -> assertThat(series.sinceTheAnchor()).isGreaterThan(-margin));
    assertThat(without).anyMatch(series -> series.sinceTheAnchor() < -margin);
    assertThat(mean(without)).isLessThan(mean(with));
    assertThat(with).allSatisfy(series -> assertThat(series.alerts()).isPositive());
  }

  @Test
  void withoutRotItCostsFewPromotions() {
    List<Series> with = series(gate(), 0, true);
    List<Series> without = series(gate(), 0, false);

    int promotions = without.stream().mapToInt(Series::promotions).sum();
    assertThat(with.stream().mapToInt(Series::promotions).sum())
        .isGreaterThan((int) (0.93 * promotions));
    assertThat(with.stream().mapToInt(Series::alerts).sum()).isLessThan(SERIES * NIGHTS / 100);
  }

  private static double mean(List<Series> all) {
    return all.stream().mapToDouble(Series::sinceTheAnchor).average().orElseThrow();
  }

  private static List<Series> series(GateConfig gate, double rot, boolean anchored) {
    List<Series> all = new ArrayList<>();
    for (int seed = 0; seed < SERIES; seed++) {
      all.add(new Simulation(gate, rot, anchored, new SplittableRandom(20261130 + seed)).run());
    }
    return all;
  }

  /** Runs the nights of one series. */
  private record Simulation(
      GateConfig gate, double rot, boolean anchored, SplittableRandom random) {

    /** Holds a model: its true accuracy, and the rows on which it is right. */
    private record Model(double accuracy, BitSet right) {}

    Series run() {
      double[] ease = new double[ROWS];
      for (int row = 0; row < ROWS; row++) {
        ease[row] = gaussian();
      }
      Model anchor = model(0, ease);
      Model current = anchor;
      List<Double> differences = new ArrayList<>();
      int promotions = 0;
      int alerts = 0;
      for (int night = 1; night <= NIGHTS; night++) {
        Model candidate = model(night, ease);
        HeadEvidence evidence =
            new HeadEvidence(
                "mood", Reference.CURRENT, outcomes(candidate, current), Baseline.none(List.of()));
        Findings findings = Decision.ofCandidate(List.of(evidence), gate, "tonight");
        PairedOutcomes since = outcomes(candidate, anchor);
        differences.add(since.candidate().macroF1() - since.other().macroF1());
        alerts += FallingLine.fall(differences, 1.5 * margin(gate)).isPresent() ? 1 : 0;
        if (anchored) {
          new AnchorTests(gate, "anchor", "tonight", promotions == 0)
              .test(List.of(new OnHead(evidence, since, 0)), findings);
        }
        if (findings.outcome() == Outcome.PROMOTE) {
          current = candidate;
          promotions++;
        }
      }
      return new Series(current.accuracy() - anchor.accuracy(), promotions, alerts);
    }

    private Model model(int night, double[] ease) {
      double accuracy = ACCURACY - rot * night + NOISE * gaussian();
      double threshold = Math.sqrt(1 + OWN * OWN) * quantile(accuracy);
      BitSet right = new BitSet(ROWS);
      for (int row = 0; row < ROWS; row++) {
        right.set(row, ease[row] + OWN * gaussian() + threshold > 0);
      }
      return new Model(accuracy, right);
    }

    private double gaussian() {
      return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
          * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static double quantile(double probability) {
      return new NormalDistribution(0, 1).inverseCumulativeProbability(probability);
    }

    private static PairedOutcomes outcomes(Model candidate, Model other) {
      long[][] counts = new long[2][4];
      for (int row = 0; row < ROWS; row++) {
        int kind = (candidate.right().get(row) ? 0 : 2) + (other.right().get(row) ? 0 : 1);
        counts[row % 2][kind]++;
      }
      List<Cell> cells = new ArrayList<>();
      for (int actual = 0; actual < 2; actual++) {
        int wrong = 1 - actual;
        cells.add(new Cell(actual, actual, actual, counts[actual][0]));
        cells.add(new Cell(actual, actual, wrong, counts[actual][1]));
        cells.add(new Cell(actual, wrong, actual, counts[actual][2]));
        cells.add(new Cell(actual, wrong, wrong, counts[actual][3]));
      }
      return PairedOutcomes.of(2, cells);
    }
  }

  private static double margin(GateConfig gate) {
    return gate.marginOf("mood", List.of("mood"), new TestRows(List.of(ROWS / 2L, ROWS / 2L)));
  }

  private static GateConfig gate() {
    return new GateConfig(
        "all",
        GateConfig.FROM_ROWS,
        0.05,
        Demand.NOT_WORSE,
        Floor.NOT_BELOW,
        0.025,
        new Veto(0.025, 0),
        1000,
        7);
  }
}
