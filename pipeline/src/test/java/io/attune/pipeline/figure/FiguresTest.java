package io.attune.pipeline.figure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void writesNumbersAsPeopleReadThem() {
    assertThat(Figures.count(12_204)).isEqualTo("12,204");
    assertThat(Figures.rough(71_938.2)).isEqualTo("72 k");
    assertThat(Figures.rough(999_600)).isEqualTo("1.0 M");
    assertThat(Figures.percent(0.9123)).isEqualTo("91.2%");
    assertThat(Figures.probability(0.0004)).isEqualTo("< 0.001");
    assertThat(Figures.of(1, "record")).isEqualTo("1 record");
  }

  @Test
  void givesDifferencesTheirSignAndNoSignToNothing() {
    assertThat(Figures.points(0.0123)).isEqualTo("+1.2");
    assertThat(Figures.points(-0.0123)).isEqualTo("−1.2");
    assertThat(Figures.points(-0.0001)).isEqualTo("±0.0");
  }

  @Test
  void writesDurationsInTheUnitThatFits() {
    assertThat(Figures.duration(0.84)).isEqualTo("0.8 s");
    assertThat(Figures.duration(48.2)).isEqualTo("48 s");
    assertThat(Figures.duration(59.7)).isEqualTo("1 min 00 s");
    assertThat(Figures.duration(3_725)).isEqualTo("1 h 02 min");
  }

  @Test
  void writesDurationsBrieflyForConsoleColumns() {
    assertThat(Figures.shortDuration(3.21)).isEqualTo("3.2 s");
    assertThat(Figures.shortDuration(65)).isEqualTo("1:05 min");
    assertThat(Figures.shortDuration(7800)).isEqualTo("2:10 h");
    assertThat(Figures.minutes(38)).isEqualTo("0:38 min");
    assertThat(Figures.minutes(4510)).isEqualTo("75:10 min");
  }

  @Test
  void showsADashWhereThereIsNoNumber() {
    assertThat(Figures.percent(Double.NaN)).isEqualTo("–");
    assertThat(Figures.points(Double.NaN)).isEqualTo("–");
    assertThat(Figures.decimalOrNone(null)).isEqualTo("–");
  }

  @Test
  void cutsBetweenCharactersNeverThroughOne() {
    assertThat(Figures.cut("🙂🙂🙂", 2)).isEqualTo("🙂…");
    assertThat(Figures.cut(null, 2)).isEmpty();
    assertThat(Figures.fit("中央银行", 4)).isEqualTo("中央…");
  }
}
