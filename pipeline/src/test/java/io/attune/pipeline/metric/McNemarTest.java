package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

  @Test
  void saysNothingWhereTheModelsAnswerAlike() {
    McNemar test = new McNemar(0, 0, 100);

    assertThat(test.exactPValue()).isEqualTo(1);
    assertThat(test.midPValue()).isEqualTo(1);
    assertThat(test.smallestDetectable()).isEmpty();
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
