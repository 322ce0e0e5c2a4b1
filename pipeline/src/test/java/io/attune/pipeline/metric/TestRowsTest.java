package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TestRowsTest {

  /** Compares with scipy 1.17.1 ({@code scipy.stats.norm.ppf}). */
  @Test
  void takesTheMarginFromTheRows() {
    assertThat(margin(1, 1100, 1100)).isEqualTo(0.017); // 0.016894
    assertThat(margin(2, 1100, 1100)).isEqualTo(0.020); // 0.019359
    assertThat(margin(1, 2000, 200)).isEqualTo(0.03); // 0.029383
    assertThat(new TestRows(List.of(2000L, 200L)).standardError())
        .isCloseTo(0.010488088481701515, within(1e-15));
  }

  @Test
  void boundsTheMargin() {
    assertThat(margin(1, 100, 100, 100, 100)).isEqualTo(0.03); // 0.039620
    assertThat(margin(1, 30_000, 30_000, 30_000, 30_000)).isEqualTo(0.005); // 0.002287
  }

  /** Holds the standard error against that of two models whose answers are drawn. */
  @Test
  void foreseesTheSpreadOfTheDifferenceOfTwoEqualModels() {
    SplittableRandom random = new SplittableRandom(20261130);
    int nights = 1500;
    double squares = 0;
    for (int night = 0; night < nights; night++) {
      double difference = drawnDifference(random, 800, 400);
      squares += difference * difference;
    }

    double expected = new TestRows(List.of(800L, 400L)).standardError();
    assertThat(Math.sqrt(squares / nights)).isCloseTo(expected, within(0.15 * expected));
  }

  @Test
  void leavesOutClassesWithoutRows() {
    assertThat(new TestRows(List.of(10L, 0L, 5L)).byClass()).containsExactly(10L, 5L);
    assertThatThrownBy(() -> new TestRows(List.of(0L))).hasMessage("a head must have test rows");
  }

  /** Draws two models of 90 % accuracy that disagree on as many rows as is usual. */
  private static double drawnDifference(SplittableRandom random, int... rows) {
    List<PairedOutcomes.Cell> cells = new java.util.ArrayList<>();
    for (int actual = 0; actual < rows.length; actual++) {
      for (int row = 0; row < rows[actual]; row++) {
        double u = random.nextDouble();
        boolean first = u >= 0.04 && u < 0.94;
        boolean second = u < 0.90;
        cells.add(
            new PairedOutcomes.Cell(
                actual, first ? actual : 1 - actual, second ? actual : 1 - actual, 1));
      }
    }
    PairedOutcomes outcomes = PairedOutcomes.of(2, cells);
    return outcomes.candidate().macroF1() - outcomes.other().macroF1();
  }

  private static double margin(int heads, long... rows) {
    return new TestRows(java.util.Arrays.stream(rows).boxed().toList()).margin(heads, 0.025);
  }

  @Test
  void leavesOutClassesWithFewRowsUnlessAllHaveFew() {
    assertThat(new TestRows(List.of(500L, 300L, 3L)).atLeast(20))
        .isEqualTo(new TestRows(List.of(500L, 300L)));
    assertThat(new TestRows(List.of(5L, 3L)).atLeast(20)).isEqualTo(new TestRows(List.of(5L, 3L)));
  }
}
