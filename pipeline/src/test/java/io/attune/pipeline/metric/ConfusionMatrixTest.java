package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final double EXACT = 1e-12;

  @Test
  void givesTheMetricsOfAHandWorkedTable() {
    ConfusionMatrix matrix = matrix(new long[][] {{5, 1, 0}, {2, 3, 1}, {0, 0, 4}});

    assertThat(matrix.rows()).isEqualTo(16);
    assertThat(matrix.accuracy()).isEqualTo(12.0 / 16);
    assertThat(matrix.precision(0)).isEqualTo(5.0 / 7);
    assertThat(matrix.recall(0)).isEqualTo(5.0 / 6);
    assertThat(matrix.f1(0)).isCloseTo(10.0 / 13, within(EXACT));
    assertThat(matrix.f1(1)).isCloseTo(6.0 / 10, within(EXACT));
    assertThat(matrix.f1(2)).isCloseTo(8.0 / 9, within(EXACT));
    assertThat(matrix.macroF1()).isCloseTo((10.0 / 13 + 6.0 / 10 + 8.0 / 9) / 3, within(EXACT));
    assertThat(matrix.toLists())
        .isEqualTo(List.of(List.of(5L, 1L, 0L), List.of(2L, 3L, 1L), List.of(0L, 0L, 4L)));
  }

  @Test
  void givesTheTextbookKappa() {
    // 35 of 50 agree, 25 would by chance.
    assertThat(matrix(new long[][] {{20, 5}, {10, 15}}).kappa()).isCloseTo(0.4, within(EXACT));
  }

  @Test
  void leavesClassesWithoutRowsOutOfMacroF1ButNotTheirFalseAlarms() {
    ConfusionMatrix matrix = matrix(new long[][] {{8, 0, 2}, {0, 10, 0}, {0, 0, 0}});

    assertThat(matrix.macroF1()).isCloseTo((16.0 / 18 + 1) / 2, within(EXACT));
  }

  @Test
  void isZeroOfNoRows() {
    ConfusionMatrix none = new ConfusionMatrix(3);

    assertThat(none.accuracy()).isZero();
    assertThat(none.macroF1()).isZero();
    assertThat(none.kappa()).isZero();
    assertThat(none.precision(1)).isZero();
  }

  @Test
  void knowsThatAConstantAnswerAgreesOnlyByChance() {
    ConfusionMatrix constant = matrix(new long[][] {{3, 6}, {0, 1}}).answeringAlways(0);

    assertThat(constant.toLists()).isEqualTo(List.of(List.of(9L, 0L), List.of(1L, 0L)));
    assertThat(constant.kappa()).isZero();
    assertThat(constant.accuracy()).isEqualTo(0.9);
  }

  @Test
  void refusesAClassThatItDoesNotHave() {
    assertThatThrownBy(() -> new ConfusionMatrix(2).add(0, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no such class: 2 of 2");
  }

  @Property
  void mergesPartsIntoTheWhole(
      @ForAll @Size(max = 30) List<@IntRange(max = 8) Integer> first,
      @ForAll @Size(max = 30) List<@IntRange(max = 8) Integer> second) {
    ConfusionMatrix whole = new ConfusionMatrix(3);
    first.forEach(pair -> whole.add(pair / 3, pair % 3, 1));
    second.forEach(pair -> whole.add(pair / 3, pair % 3, 1));

    assertThat(of(second).merge(of(first)).toLists()).isEqualTo(whole.toLists());
  }

  private static ConfusionMatrix of(List<Integer> pairs) {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    pairs.forEach(pair -> matrix.add(pair / 3, pair % 3, 1));
    return matrix;
  }

  private static ConfusionMatrix matrix(long[][] rows) {
    ConfusionMatrix matrix = new ConfusionMatrix(rows.length);
    for (int actual = 0; actual < rows.length; actual++) {
      for (int predicted = 0; predicted < rows.length; predicted++) {
        matrix.add(actual, predicted, rows[actual][predicted]);
      }
    }
    return matrix;
  }
}
