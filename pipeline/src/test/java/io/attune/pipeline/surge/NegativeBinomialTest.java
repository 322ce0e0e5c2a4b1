package io.attune.pipeline.surge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;

class NegativeBinomialTest {

  /** Adds up the probabilities of all smaller counts. */
  @Property(tries = 200)
  void tailIsTheSumOfItsTerms(
      @ForAll @DoubleRange(min = 0.01, max = 300) double mean,
      @ForAll @DoubleRange(min = 1.01, max = 20) double dispersion,
      @ForAll @IntRange(max = 400) int count) {
    double size = mean / (dispersion - 1);
    double below = 0;
    for (int k = 0; k < count; k++) {
      below +=
          Math.exp(
              Gamma.logGamma(size + k)
                  - Gamma.logGamma(size)
                  - Gamma.logGamma(k + 1.0)
                  - size * Math.log(dispersion)
                  + k * Math.log(1 - 1 / dispersion));
    }

    assertThat(new NegativeBinomial(mean, dispersion).atLeast(count))
        .isCloseTo(1 - below, within(1e-9));
  }

  @Property(tries = 200)
  void limitIsTheSmallestThatIsExceededRarelyEnough(
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double mean,
      @ForAll @DoubleRange(min = 1, max = 50) double dispersion,
      @ForAll @IntRange(min = 1, max = 400) int thousandths) {
    double level = thousandths / 1000.0;
    NegativeBinomial count = new NegativeBinomial(mean, dispersion);

    long limit = count.exceededBy(level);

    assertThat(count.atLeast(limit + 1.0)).isLessThanOrEqualTo(level);
    if (limit > 0) {
      assertThat(count.atLeast((double) limit)).isGreaterThan(level);
    }
  }

  @Property(tries = 200)
  void moreIsLessProbable(
      @ForAll @DoubleRange(min = 0.1, max = 1000) double mean,
      @ForAll @DoubleRange(min = 1, max = 20) double dispersion,
      @ForAll @IntRange(min = 0, max = 2000) int count) {
    NegativeBinomial one = new NegativeBinomial(mean, dispersion);

    assertThat(one.atLeast(count + 1.0)).isLessThanOrEqualTo(one.atLeast(count));
    assertThat(new NegativeBinomial(1.1 * mean, dispersion).atLeast(count))
        .isGreaterThanOrEqualTo(one.atLeast(count) - 1e-12);
  }

  @Test
  void aDispersionOfOneIsPoisson() {
    // R: ppois(4, 2.5, lower.tail = FALSE)
    assertThat(new NegativeBinomial(2.5, 1).atLeast(5)).isCloseTo(0.1088219811, within(1e-9));
    assertThat(new NegativeBinomial(2.5, 1 + 1e-7).atLeast(5)).isCloseTo(0.1088219, within(1e-6));
  }

  @Test
  void nothingIsExpectedOfAMeanOfZero() {
    assertThat(new NegativeBinomial(0, 1).atLeast(0)).isEqualTo(1);
    assertThat(new NegativeBinomial(0, 1).atLeast(1)).isZero();
    assertThat(new NegativeBinomial(0, 1).exceededBy(0.01)).isZero();
  }
}
