package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.metric.PromotionPower.Head;
import io.attune.pipeline.metric.PromotionPower.Veto;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares with scipy 1.17.1 ({@code scipy.stats.norm}, {@code scipy.optimize.brentq}). */
class PromotionPowerTest {
  private static final Veto VETO = new Veto(0.025, 0);

  @Test
  void agreesWithASecondImplementationOnOneHead() {
    PromotionPower power = power(0.025, new Head(2200, 0.006, 0.01));

    assertThat(power.probability()).isCloseTo(0.38464745179032334, within(1e-9));
    assertThat(power.rowsForFourInFive()).hasValue(6217); // 6216.3127
    assertThat(power.sentence())
        .isEqualTo(
            "With these rows an equally good model is promoted in 38 % of nights; 6,300 rows would"
                + " make it 80 %.");
  }

  @Test
  void agreesWithASecondImplementationOnTwoHeads() {
    PromotionPower power = power(0.025, new Head(2200, 0.006, 0.01), new Head(1800, 0.005, 0.01));

    assertThat(power.probability()).isCloseTo(0.19846569695346883, within(1e-9));
    assertThat(power.rowsForFourInFive()).hasValue(7016); // 7015.5062
    assertThat(power.rows()).isEqualTo(2200);
  }

  @Test
  void isNoHigherThanTheVetoAllows() {
    Head wide = new Head(2200, 0.006, 0.03);

    assertThat(power(0.025, wide).probability()).isCloseTo(0.975, within(1e-9));
    assertThat(power(0.001, wide).probability()).isCloseTo(0.9719184346935027, within(1e-9));
    assertThat(new PromotionPower(List.of(wide), 0.025, new Veto(0.025, 0.01)).probability())
        .isCloseTo(0.9988172507018026, within(1e-9));
  }

  @Test
  void isLowerAtAStricterLevel() {
    double before = 1;
    for (double level : new double[] {0.2, 0.05, 0.025, 0.01, 0.001, 0.0001}) {
      double probability = power(level, new Head(5000, 0.004, 0.01)).probability();
      assertThat(probability).isLessThan(before);
      before = probability;
    }
  }

  @Test
  void saysWhereRowsSufficeAndWhereNoNumberOfThemDoes() {
    assertThat(power(0.025, new Head(20_000, 0.002, 0.01)).sentence())
        .isEqualTo("With these rows an equally good model is promoted in 98 % of nights.");
    PromotionPower hard =
        new PromotionPower(
            Collections.nCopies(3, new Head(100, 0.03, 0.01)), 0.025, new Veto(0.4, 0));
    assertThat(hard.rowsForFourInFive()).isEmpty();
    assertThat(hard.sentence())
        .endsWith("no number of rows makes it 80 % while so many heads must pass.");
  }

  private static PromotionPower power(double level, Head... heads) {
    return new PromotionPower(List.of(heads), level, VETO);
  }
}
