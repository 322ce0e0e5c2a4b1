package io.attune.neural.averaging.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {
  /**
   * Counts three classes: 3 rows of the first (2 right), 1 of the second (right), none of the last.
   */
  private static final Score.Head HEAD =
      new Score.Head(new double[] {3, 1, 0}, new double[] {2, 1, 1}, new double[] {2, 1, 0});

  @Test
  void meansTheF1OfTheClassesThatHaveRows() {
    Score score = new Score(4, 2, List.of(HEAD, Score.Head.none(2)));

    assertThat(HEAD.labelled()).isEqualTo(4);
    assertThat(HEAD.accuracy()).isEqualTo(0.75);
    assertThat(HEAD.macroF1()).isCloseTo((2 * 2 / 5.0 + 2 * 1 / 2.0) / 2, within(1e-12));
    assertThat(score.accuracy()).isEqualTo(0.75);
    assertThat(score.macroF1()).isEqualTo(HEAD.macroF1());
    assertThat(score.loss()).isEqualTo(0.5);
    assertThat(Score.Head.none(2).macroF1()).isZero();
  }

  @Test
  void mergesTheCountsAndNotTheMeans() {
    Score.Head other =
        new Score.Head(new double[] {0, 3, 0}, new double[] {3, 0, 0}, new double[] {0, 0, 0});

    Score merged = new Score(4, 2, List.of(HEAD)).merge(new Score(3, 5, List.of(other)));

    assertThat(merged.rows()).isEqualTo(7);
    assertThat(merged.loss()).isEqualTo(1);
    assertThat(merged.accuracy()).isEqualTo(3 / 7.0);
    assertThat(merged.macroF1()).isCloseTo((4 / 8.0 + 2 / 5.0) / 2, within(1e-12));
  }

  @Test
  void refusesScoresOfOtherNetworks() {
    Score score = new Score(4, 2, List.of(HEAD));

    assertThatThrownBy(() -> score.merge(new Score(0, 0, List.of())))
        .hasMessage("scores of one network have the same outputs, got 1 and 0");
    assertThatThrownBy(() -> score.merge(new Score(0, 0, List.of(Score.Head.none(2)))))
        .hasMessage("scores of one output have the same classes, got 3 and 2");
  }
}
