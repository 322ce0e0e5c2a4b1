package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.report.Evaluation;
import java.math.BigInteger;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class McNemarTest {

  /**
   * Compares with Fagerland, Lydersen and Laake 2013, the airway data: 1 and 7 discordant of 21.
   */
  @Test
  void givesThePublishedPValues() {
    McNemar test = new McNemar(1, 7, 21);

    assertThat(test.exactPValue()).isCloseTo(0.0703, within(5e-5));
    assertThat(test.midPValue()).isCloseTo(0.0391, within(5e-5));
    assertThat(test.difference()).isCloseTo(-6.0 / 21, within(1e-12));
  }

  @Property(tries = 300)
  void agreesWithCountingCoinsOneByOne(
      @ForAll @IntRange(max = 60) int first, @ForAll @IntRange(max = 60) int second) {
    McNemar test = new McNemar(first, second, first + second + 10);

    assertThat(test.exactPValue()).isCloseTo(slowExact(first, second), within(1e-10));
    assertThat(test.midPValue())
        .isCloseTo(
            first == second ? 1 : slowExact(first, second) - slowMass(first, second),
            within(1e-10));
    assertThat(test.midPValue()).isEqualTo(new McNemar(second, first, 200).midPValue());
  }

  @Test
  void staysExactWhereCountsAreLarge() {
    // A million coins are normal: 4,140 over 1,000 is 4.14 deviations.
    McNemar test = new McNemar(502_070, 497_930, 3_000_000);

    assertThat(test.midPValue()).isCloseTo(3.46e-5, within(2e-7));
  }

  @Test
  void staysPositiveWhereThePValueIsTiny() {
    // 2^-400: all of 400 coins fell alike.
    McNemar test = new McNemar(400, 0, 1000);

    assertThat(test.midPValue() / Math.pow(2, -400)).isCloseTo(1, within(1e-9));
    assertThat(test.exactPValue() / Math.pow(2, -399)).isCloseTo(1, within(1e-9));
    assertThat(new McNemar(900, 100, 10_000).midPValue()).isPositive();
  }

  /** Compares with the exact distribution where all answers to a cluster change sides together. */
  @Test
  void takesClustersAsOneWhereTheyAreMany() {
    // 60 clusters of 5 rows each, 22 of them for the candidate.
    McNemar test = new McNemar(22 * 5, 38 * 5, 1000, 5);
    McNemar coins = new McNemar(22, 38, 200);

    assertThat(test.midPValue()).isCloseTo(coins.midPValue(), within(0.003));
    assertThat(test.lossPValue(0)).isCloseTo(coins.lossPValue(0), within(0.002));
    assertThat(test.smallestDetectable().orElseThrow())
        .isCloseTo(
            Math.sqrt(5) * new McNemar(22 * 5, 38 * 5, 1000).smallestDetectable().orElseThrow(),
            within(0.01));
    assertThat(test.isClustered()).isTrue();
    assertThat(coins.isClustered()).isFalse();
    assertThatThrownBy(() -> new McNemar(1, 1, 2, 0.5))
        .hasMessage("a design effect must be at least 1, got 0.5");
  }

  @Test
  void saysNothingWhereTheModelsAnswerAlike() {
    McNemar test = new McNemar(0, 0, 100);

    assertThat(test.exactPValue()).isEqualTo(1);
    assertThat(test.midPValue()).isEqualTo(1);
    assertThat(test.smallestDetectable()).isEmpty();
  }

  /**
   * Compares with Tango 1998, the contact lenses: 0 and 1 discordant of 44, a loss of 0.1 tested
   * with Z = 1.709 and p = 0.044.
   */
  @Test
  void givesThePublishedScoreTest() {
    McNemar test = new McNemar(0, 1, 44);

    assertThat(test.scoreAgainst(-0.1)).isCloseTo(1.709, within(5e-4));
    assertThat(1 - test.lossPValue(0.1)).isCloseTo(0.044, within(5e-4));
    assertThat(new McNemar(40, 20, 160).scoreAgainst(0))
        .isCloseTo(20 / Math.sqrt(60), within(1e-12));
  }

  /**
   * Compares with Fagerland, Lydersen and Laake 2014, the airway data: Tango's 95 % interval is
   * -0.517 to -0.026, so that the score there is the quantile.
   */
  @Test
  void reachesTheQuantileAtTheEndsOfThePublishedInterval() {
    McNemar test = new McNemar(1, 7, 21);

    assertThat(test.scoreAgainst(-0.5172322764)).isCloseTo(1.959963985, within(1e-8));
    assertThat(test.scoreAgainst(-0.0260030325)).isCloseTo(-1.959963985, within(1e-8));
  }

  @Test
  void givesThePublishedInterval() {
    Evaluation.Interval interval = new McNemar(1, 7, 21).interval(0.025);

    assertThat(interval.low()).isCloseTo(-0.5172322764, within(1e-9));
    assertThat(interval.high()).isCloseTo(-0.0260030325, within(1e-9));
  }

  @Test
  void theIntervalIsThatOfTheStatisticDividedByTheRootOfTheDesignEffect() {
    McNemar test = new McNemar(10, 24, 200, 4);
    Evaluation.Interval interval = test.interval(0.025);

    assertThat(test.scoreAgainst(interval.low()) / 2).isCloseTo(1.959963985, within(1e-8));
    assertThat(test.scoreAgainst(interval.high()) / 2).isCloseTo(-1.959963985, within(1e-8));
    assertThat(interval.low()).isLessThan(new McNemar(10, 24, 200).interval(0.025).low());
  }

  @Property(tries = 200)
  void theIntervalHoldsTheDifferenceAndIsMirroredWithTheModels(
      @ForAll @IntRange(max = 40) int first,
      @ForAll @IntRange(max = 40) int second,
      @ForAll @IntRange(min = 1, max = 60) int both) {
    McNemar test = new McNemar(first, second, first + second + both);
    Evaluation.Interval interval = test.interval(0.025);
    Evaluation.Interval mirrored =
        new McNemar(second, first, first + second + both).interval(0.025);

    assertThat(interval.low()).isBetween(-1.0, test.difference());
    assertThat(interval.high()).isBetween(test.difference(), 1.0);
    assertThat(mirrored.low()).isCloseTo(-interval.high(), within(1e-9));
    assertThat(test.interval(0.001).low()).isLessThanOrEqualTo(interval.low());
    assertThat(new McNemar(0, 0, 0).interval(0.025)).isEqualTo(new Evaluation.Interval(-1, 1));
  }

  /** Compares with the likelihood that scipy 1.17.1 maximised under the hypothesis. */
  @Test
  void agreesWithASecondImplementationOfTheScoreTest() {
    assertThat(new McNemar(100, 160, 2000).scoreAgainst(-0.01))
        .isCloseTo(-2.494701740310384, within(1e-9));
    assertThat(new McNemar(30, 55, 900).scoreAgainst(-0.005))
        .isCloseTo(-2.236978761005579, within(1e-9));
    assertThat(new McNemar(0, 0, 50).scoreAgainst(-0.02))
        .isCloseTo(1.0101525445522106, within(1e-9));
    assertThat(new McNemar(100, 160, 2000).lossPValue(0.01))
        .isCloseTo(0.006303152157835081, within(1e-9));
  }

  @Test
  void countsOneSideOfTheMidPWithoutAMargin() {
    McNemar worse = new McNemar(1, 7, 21);

    assertThat(worse.lossPValue(0)).isCloseTo(worse.midPValue() / 2, within(1e-12));
    assertThat(new McNemar(7, 1, 21).lossPValue(0))
        .isCloseTo(1 - worse.midPValue() / 2, within(1e-12));
    assertThat(new McNemar(0, 0, 21).lossPValue(0)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void refusesMoreDiscordantRowsThanRows() {
    assertThatThrownBy(() -> new McNemar(3, 2, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 + 2 discordant rows are more than all 4");
  }

  @Test
  void findsItsSmallestDetectableDifferenceInFourOfFiveTrials() {
    int rows = 1000;
    double discordant = 0.1;
    double difference = new McNemar(50, 50, rows).smallestDetectable().orElseThrow();
    SplittableRandom random = new SplittableRandom(20261120);
    int found = 0;
    for (int trial = 0; trial < 4000; trial++) {
      long candidateOnly = BinomialSampler.sample(rows, (discordant + difference) / 2, random);
      long otherOnly =
          BinomialSampler.sample(
              rows - candidateOnly,
              (discordant - difference) / 2 / (1 - (discordant + difference) / 2),
              random);
      found += new McNemar(candidateOnly, otherOnly, rows).midPValue() <= 0.05 ? 1 : 0;
    }

    assertThat(difference).isCloseTo(0.0279, within(5e-4));
    assertThat(found / 4000.0).isCloseTo(0.8, within(0.03));
  }

  @Test
  void hasNoDetectableDifferenceWhereTooFewRowsDiffer() {
    assertThat(new McNemar(1, 1, 1000).smallestDetectable()).isEmpty();
  }

  private static double slowExact(int first, int second) {
    int coins = first + second;
    BigInteger ways = BigInteger.ZERO;
    for (int heads = 0; heads <= Math.min(first, second); heads++) {
      ways = ways.add(choose(coins, heads));
    }
    return Math.min(1, 2 * ways.doubleValue() / Math.pow(2, coins));
  }

  private static double slowMass(int first, int second) {
    return choose(first + second, first).doubleValue() / Math.pow(2, first + second);
  }

  private static BigInteger choose(int of, int chosen) {
    BigInteger ways = BigInteger.ONE;
    for (int i = 0; i < chosen; i++) {
      ways = ways.multiply(BigInteger.valueOf(of - i)).divide(BigInteger.valueOf(i + 1));
    }
    return ways;
  }
}
