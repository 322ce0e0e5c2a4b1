package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class BetaBinomialTest {

  @Property(tries = 100)
  void hasTheMeanAndVarianceOfItsParameters(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share,
      @ForAll @DoubleRange(max = 0.5) double correlation,
      @ForAll @IntRange(min = 1, max = 2000) int documents) {
    double[] logs = new BetaBinomial(share, correlation).logProbabilities(documents);
    double sum = 0;
    double mean = 0;
    double squares = 0;
    for (int count = 0; count <= documents; count++) {
      double probability = Math.exp(logs[count]);
      sum += probability;
      mean += probability * count;
      squares += probability * count * count;
    }
    double variance = documents * share * (1 - share) * (1 + (documents - 1) * correlation);

    assertThat(sum).isCloseTo(1, within(1e-9));
    assertThat(mean).isCloseTo(documents * share, within(1e-6 * documents));
    assertThat(squares - mean * mean).isCloseTo(variance, within(1e-4 * variance + 1e-6));
  }
}
