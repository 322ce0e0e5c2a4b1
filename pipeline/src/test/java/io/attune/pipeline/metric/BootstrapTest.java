package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.PairedOutcomes.Cell;
import io.attune.pipeline.metric.PairedOutcomes.Cluster;
import io.attune.schemas.report.Evaluation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final PairedOutcomes OUTCOMES =
      PairedOutcomes.of(
          3,
          List.of(
              new Cell(0, 0, 0, 90),
              new Cell(0, 1, 0, 12),
              new Cell(0, 0, 2, 20),
              new Cell(1, 1, 1, 60),
              new Cell(1, 1, 0, 14),
              new Cell(1, 2, 1, 6),
              new Cell(2, 2, 2, 30),
              new Cell(2, 2, 1, 9),
              new Cell(2, 0, 2, 4)));

  @Test
  void drawsBinomialCountsAsOftenAsTheirDistributionSays() {
    assertFits(8, 0.3);
    assertFits(40, 0.75); // mirrored, small mean
    assertFits(100, 0.4); // rejection
    assertFits(1000, 0.02);
    assertFits(5000, 0.9);
  }

  @Test
  void drawsAllOrNothingWhereProbabilityIsOneOrZero() {
    SplittableRandom random = new SplittableRandom(1);

    assertThat(BinomialSampler.sample(17, 1, random)).isEqualTo(17);
    assertThat(BinomialSampler.sample(17, 0, random)).isZero();
    assertThat(BinomialSampler.sample(0, 0.5, random)).isZero();
  }

  @Test
  void agreesWithResamplingRowByRow() {
    Resampled fast = new Bootstrap(20_000, 7).macroF1Difference(OUTCOMES);
    double[] slow = slowDifferences(OUTCOMES, 20_000);

    Interval interval = fast.interval();
    assertThat(interval.low()).isCloseTo(slow[500], within(0.004));
    assertThat(interval.high()).isCloseTo(slow[19_499], within(0.004));
    assertThat(fast.value())
        .isCloseTo(OUTCOMES.candidate().macroF1() - OUTCOMES.other().macroF1(), within(1e-12));
    assertThat(fast.standardError())
        .isCloseTo((interval.high() - interval.low()) / 3.92, within(0.002));
  }

  @Test
  void agreesWithResamplingClusterByCluster() {
    List<Cluster> clusters = new ArrayList<>();
    for (Cell cell : OUTCOMES.toList()) {
      clusters.add(
          new Cluster(
              List.of(
                  new Cell(cell.actual(), cell.candidate(), cell.other(), 3), new Cell(2, 2, 2, 1)),
              cell.rows() / 3));
    }
    PairedOutcomes outcomes = PairedOutcomes.ofClusters(3, clusters);
    double[] slow = slowDifferences(clusters, 20_000);

    Resampled fast = new Bootstrap(20_000, 7).macroF1Difference(outcomes);

    assertThat(fast.interval().low()).isCloseTo(slow[500], within(0.006));
    assertThat(fast.interval().high()).isCloseTo(slow[19_499], within(0.006));
    assertThat(fast.standardError())
        .isGreaterThan(
            1.3
                * new Bootstrap(2_000, 7)
                    .macroF1Difference(PairedOutcomes.of(3, outcomes.toList()))
                    .standardError());
  }

  @Test
  void givesTheSameForTheSameSeedWhateverTheOrderOfCells() {
    PairedOutcomes split = OUTCOMES.merge(PairedOutcomes.of(3, List.of(new Cell(0, 2, 0, 3))));
    PairedOutcomes swapped = PairedOutcomes.of(3, List.of(new Cell(0, 2, 0, 3))).merge(OUTCOMES);

    assertThat(new Bootstrap(500, 3).macroF1Difference(split).interval())
        .isEqualTo(new Bootstrap(500, 3).macroF1Difference(swapped).interval());
  }

  @Test
  void coversTheTrueMacroF1InNineteenOfTwentySamples() {
    SplittableRandom random = new SplittableRandom(20261120);
    int covered = 0; // truth: 0.4 and 0.4 right, 0.1 and 0.1 wrong: macro-F1 is 0.8
    for (int trial = 0; trial < 500; trial++) {
      ConfusionMatrix sample = new ConfusionMatrix(2);
      for (int row = 0; row < 300; row++) {
        double u = random.nextDouble();
        int cell = u < 0.4 ? 0 : u < 0.5 ? 1 : u < 0.6 ? 2 : 3;
        sample.add(cell / 2, cell % 2, 1);
      }
      Interval interval = new Bootstrap(500, trial).macroF1(sample).interval();
      covered += interval.low() <= 0.8 && 0.8 <= interval.high() ? 1 : 0;
    }

    assertThat(covered / 500.0).isBetween(0.92, 0.98);
  }

  @Test
  void hasNoDoubtsAboutModelsThatAnswerAlike() {
    Resampled same =
        new Bootstrap(200, 1)
            .macroF1Difference(
                PairedOutcomes.of(2, List.of(new Cell(0, 0, 0, 5), new Cell(1, 0, 0, 5))));

    assertThat(same.interval()).isEqualTo(new Interval(0, 0));
    assertThat(same.pValue()).isEqualTo(1);
    assertThat(same.smallestDetectable()).isEmpty();
  }

  @Test
  void refusesTooFewRepetitions() {
    assertThatThrownBy(() -> new Bootstrap(10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a bootstrap needs at least 100 repetitions, got 10");
  }

  private static double[] slowDifferences(PairedOutcomes outcomes, int repetitions) {
    return slowDifferences(
        outcomes.toList().stream()
            .map(
                cell ->
                    new Cluster(
                        List.of(new Cell(cell.actual(), cell.candidate(), cell.other(), 1)),
                        cell.rows()))
            .toList(),
        repetitions);
  }

  private static double[] slowDifferences(List<Cluster> kinds, int repetitions) {
    List<List<Cell>> clusters = new ArrayList<>();
    for (Cluster kind : kinds) {
      for (int i = 0; i < kind.number(); i++) {
        clusters.add(kind.cells());
      }
    }
    SplittableRandom random = new SplittableRandom(99);
    double[] differences = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      ConfusionMatrix candidate = new ConfusionMatrix(3);
      ConfusionMatrix other = new ConfusionMatrix(3);
      for (int drawn = 0; drawn < clusters.size(); drawn++) {
        for (Cell row : clusters.get(random.nextInt(clusters.size()))) {
          candidate.add(row.actual(), row.candidate(), row.rows());
          other.add(row.actual(), row.other(), row.rows());
        }
      }
      differences[i] = candidate.macroF1() - other.macroF1();
    }
    Arrays.sort(differences);
    return differences;
  }

  /** Makes a chi-square test of 0.1 % on the values that are expected at least ten times. */
  private static void assertFits(int trials, double probability) {
    SplittableRandom random = new SplittableRandom(trials);
    long[] seen = new long[trials + 2];
    int draws = 50_000;
    for (int i = 0; i < draws; i++) {
      seen[(int) BinomialSampler.sample(trials, probability, random)]++;
    }
    BinomialDistribution distribution = new BinomialDistribution(null, trials, probability);
    List<Double> expected = new ArrayList<>(List.of(0.0));
    List<Long> observed = new ArrayList<>(List.of(0L));
    for (int value = 0; value <= trials; value++) {
      double mass = distribution.probability(value) * draws;
      if (mass >= 10) {
        expected.add(mass);
        observed.add(seen[value]);
      } else {
        expected.set(0, expected.get(0) + mass);
        observed.set(0, observed.get(0) + seen[value]);
      }
    }
    double p =
        new ChiSquareTest()
            .chiSquareTest(
                expected.stream().mapToDouble(x -> Math.max(x, 1e-9)).toArray(),
                observed.stream().mapToLong(x -> x).toArray());
    assertThat(p).as("fit of B(%d, %s)", trials, probability).isGreaterThan(0.001);
  }
}
