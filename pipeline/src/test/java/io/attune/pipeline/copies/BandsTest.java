package io.attune.pipeline.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BandsTest {
  @Test
  void thoseOfTheDefaultFindNearlyAllAtTheThresholdAndFewFarBelow() {
    Bands bands = Bands.forSimilarity(0.8);

    assertThat(bands).isEqualTo(new Bands(28, 9));
    assertThat(bands.probability(0.8)).isEqualTo(0.982, within(0.001));
    assertThat(bands.probability(0.9)).isGreaterThan(0.9999);
    assertThat(bands.probability(0.5)).isLessThan(0.06);
    assertThat(bands.probability(0.3)).isLessThan(0.001);
  }

  @Test
  void commonDefaultsFindTooFew() {
    assertThat(new Bands(14, 8).probability(0.8)).isEqualTo(0.924, within(0.001));
    assertThat(new Bands(20, 13).probability(0.8)).isEqualTo(0.677, within(0.001));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0})
  void everyThresholdHasItsRecallWithin256Minima(double least) {
    Bands bands = Bands.forSimilarity(least);

    assertThat(bands.probability(least)).isGreaterThanOrEqualTo(Bands.RECALL);
    assertThat(bands.bands() * bands.rows()).isLessThanOrEqualTo(256);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.6, 0.7, 0.8, 0.9})
  void pairsShareABandAsOftenAsTheCurveSays(double similarity) {
    Bands bands = Bands.forSimilarity(0.8);
    Random random = new Random(1);
    int pairs = 1500;
    int found = 0;
    int size = 90;
    int shared = (int) Math.round(2 * size * similarity / (1 + similarity));
    for (int pair = 0; pair < pairs; pair++) {
      long[] all = random.longs(2L * size - shared).toArray();
      long[] one = Arrays.copyOf(all, size);
      long[] other = Arrays.copyOfRange(all, size - shared, all.length);
      found += shareABand(bands.of(one), bands.of(other)) ? 1 : 0;
    }
    double real = shared / (2.0 * size - shared);
    double expected = bands.probability(real);
    double deviation = Math.sqrt(Math.max(expected * (1 - expected), 0.002) / pairs);
    assertThat((double) found / pairs).isEqualTo(expected, within(5 * deviation));
  }

  private static boolean shareABand(long[] one, long[] other) {
    return LongStream.of(one).anyMatch(band -> LongStream.of(other).anyMatch(b -> b == band));
  }

  @Test
  void anEmptySetHasNoBands() {
    assertThat(Bands.forSimilarity(0.8).of(new long[0])).isEmpty();
  }
}
