package io.attune.pipeline.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.metric.PairedOutcomes;
import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PairedOutcomes.Cluster;
import io.attune.pipeline.stage.compare.Findings.Outcome;
import io.attune.pipeline.stage.compare.GateConfig.Demand;
import io.attune.pipeline.stage.compare.GateConfig.Floor;
import io.attune.pipeline.stage.compare.GateConfig.Veto;
import io.attune.pipeline.stage.compare.HeadEvidence.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Draws nights whose test rows are near copies of each other, or whose label set has a new class,
 * and counts how often the gate promotes. Seeds are fixed; three standard errors of 600 nights are
 * 1.9 points at 2.5 %.
 */
class ClusterSimulationTest {
  private static final int NIGHTS = 600;
  private static final int FEWER = 200;
  private static final double AT_MOST = 0.025 + 0.019;
  private static final double MARGIN = 0.02;
  private static final Scope NEW_CLASS = new Scope(0, List.of("down", "up", "odd"), Set.of(2), 0);

  @Test
  void promotesAModelAtTheMarginNoMoreOftenWhereRowsAreCopiesOfEachOther() {
    Function<SplittableRandom, HeadEvidence> atMargin =
        random -> evidence(clusters(600, 0.04, 0.06, random), Scope.ALL);

    assertThat(promoted(NIGHTS, atMargin)).isLessThan(AT_MOST);
  }

  @Test
  void wouldPromoteItFarMoreOftenIfCopiesCountedAsRows() {
    Function<SplittableRandom, HeadEvidence> asRows =
        random ->
            evidence(
                PairedOutcomes.of(
                    2,
                    clusters(600, 0.04, 0.06, random).stream()
                        .flatMap(cluster -> cluster.cells().stream())
                        .toList()),
                Scope.ALL);

    assertThat(promoted(FEWER, asRows)).isGreaterThan(0.08);
  }

  @Test
  void promotesAnEqualModelWhereThereAreClustersEnough() {
    Function<SplittableRandom, HeadEvidence> equal =
        random -> evidence(clusters(5000, 0.03, 0.03, random), Scope.ALL);

    assertThat(promoted(FEWER, equal)).isGreaterThan(0.8);
  }

  @Test
  void keepsAModelThatLosesEightPointsOnOldClassesOnTheNightOfANewOne() {
    Function<SplittableRandom, HeadEvidence> worse =
        random -> {
          List<Cluster> rows = new ArrayList<>(rows(1000, 0.02, 0.10, random));
          rows.add(new Cluster(List.of(new Cell(2, 2, 0, 1)), 450));
          rows.add(new Cluster(List.of(new Cell(2, 0, 0, 1)), 50));
          return evidence(PairedOutcomes.ofClusters(3, rows), NEW_CLASS);
        };

    assertThat(promoted(FEWER, worse)).isZero();
  }

  @Test
  void promotesAnEqualModelOnTheNightOfANewClass() {
    Function<SplittableRandom, HeadEvidence> equal =
        random -> {
          List<Cluster> rows = new ArrayList<>(rows(2000, 0.03, 0.03, random));
          rows.add(new Cluster(List.of(new Cell(2, 2, 0, 1)), 450));
          rows.add(new Cluster(List.of(new Cell(2, 0, 0, 1)), 50));
          return evidence(PairedOutcomes.ofClusters(3, rows), NEW_CLASS);
        };

    assertThat(promoted(FEWER, equal)).isGreaterThan(0.8);
  }

  private static double promoted(int nights, Function<SplittableRandom, HeadEvidence> night) {
    GateConfig gate =
        new GateConfig(
            "all",
            Double.toString(MARGIN),
            0.05,
            Demand.NOT_WORSE,
            Floor.NOT_BELOW,
            0.025,
            new Veto(0.025, 0),
            1000,
            7);
    SplittableRandom random = new SplittableRandom(20261130);
    int promoted = 0;
    for (int i = 0; i < nights; i++) {
      Findings findings = Decision.ofCandidate(List.of(night.apply(random)), gate, "2026-01-02.1");
      promoted += findings.outcome() == Outcome.PROMOTE ? 1 : 0;
    }
    return promoted / (double) nights;
  }

  private static HeadEvidence evidence(List<Cluster> clusters, Scope scope) {
    return evidence(PairedOutcomes.ofClusters(2, clusters), scope);
  }

  private static HeadEvidence evidence(PairedOutcomes outcomes, Scope scope) {
    return new HeadEvidence("topic", Reference.CURRENT, outcomes, Baseline.none(List.of()), scope);
  }

  /** Draws clusters of five to ten rows, all of which the models answer alike. */
  private static List<Cluster> clusters(
      int number, double candidateOnly, double currentOnly, SplittableRandom random) {
    List<Cluster> clusters = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Cell row = draw(i % 2, candidateOnly, currentOnly, random);
      int size = 5 + random.nextInt(6);
      clusters.add(
          new Cluster(List.of(new Cell(row.actual(), row.candidate(), row.other(), size)), 1));
    }
    return clusters;
  }

  /** Draws rows without copies, so many of each of two classes. */
  private static List<Cluster> rows(
      int each, double candidateOnly, double currentOnly, SplittableRandom random) {
    List<Cluster> rows = new ArrayList<>();
    for (int i = 0; i < 2 * each; i++) {
      rows.add(new Cluster(List.of(draw(i % 2, candidateOnly, currentOnly, random)), 1));
    }
    return rows;
  }

  /** Draws one row, of which one in ten is wrong for both models. */
  private static Cell draw(
      int actual, double candidateOnly, double currentOnly, SplittableRandom random) {
    double u = random.nextDouble();
    boolean isMine = u < candidateOnly;
    boolean isTheirs = !isMine && u < candidateOnly + currentOnly;
    boolean isBoth = u >= candidateOnly + currentOnly && u < 0.9;
    return new Cell(
        actual,
        isMine || isBoth ? actual : 1 - actual,
        isTheirs || isBoth ? actual : 1 - actual,
        1);
  }
}
