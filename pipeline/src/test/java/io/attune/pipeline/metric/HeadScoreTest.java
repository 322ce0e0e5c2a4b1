package io.attune.pipeline.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attune.schemas.report.Evaluation.CalibrationBin;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeadScoreTest {

  @Test
  void meansTheLogLossOverRows() {
    LogLoss loss = LogLoss.NONE.add(0.5).add(0.25);

    assertThat(loss.value()).isCloseTo(1.5 * Math.log(2), within(1e-9));
    assertThat(LogLoss.NONE.value()).isZero();
  }

  @Property(tries = 200)
  void sumsTheSameInAnyOrder(
      @ForAll @Size(min = 2, max = 40) List<@DoubleRange(max = 1) Double> values) {
    HeadScore forwards = HeadScore.none(2);
    HeadScore backwards = HeadScore.none(2);
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      forwards = forwards.merge(HeadScore.none(2).add(0, 0, of(value), value));
      double last = values.get(values.size() - 1 - i);
      backwards = HeadScore.none(2).add(0, 0, of(last), last).merge(backwards);
    }
    assertThat(forwards.logLoss()).isEqualTo(backwards.logLoss());
    assertThat(forwards.calibration().error()).isEqualTo(backwards.calibration().error());
    assertThat(forwards.calibration().bins()).isEqualTo(backwards.calibration().bins());
    assertThat(forwards.raw().bins()).isEqualTo(backwards.raw().bins());
    assertThat(forwards.brier()).isEqualTo(backwards.brier());
  }

  @Test
  void keepsTheLogLossOfAnImpossibleAnswerFinite() {
    assertThat(LogLoss.NONE.add(0).value()).isCloseTo(10 * Math.log(10), within(1e-9));
  }

  @Test
  void meansTheSquaredDistanceOverRows() {
    BrierScore score =
        BrierScore.NONE.add(new float[] {0.75f, 0.25f}, 1).add(new float[] {0.875f, 0.125f}, 0);

    // (0.75^2 + 0.75^2 + 0.125^2 + 0.125^2) / 2
    assertThat(score.value()).isEqualTo(0.578125);
    assertThat(BrierScore.NONE.value()).isZero();
    assertThat(BrierScore.NONE.add(new float[] {0, 1, 0}, 0).value()).isEqualTo(2);
  }

  @Test
  void refusesAProbabilityThatIsNotANumber() {
    assertThatThrownBy(() -> HeadScore.none(2).add(1, 0, new float[] {0.5f, Float.NaN}, 0.5))
        .hasMessage("a probability must be finite, got NaN");
    assertThatThrownBy(() -> new Calibration().add(Double.NaN, true))
        .hasMessage("a probability must be finite, got NaN");
  }

  @Test
  void measuresHowFarProbabilityIsFromAccuracy() {
    Calibration calibration = new Calibration();
    calibration.add(0.625, true);
    calibration.add(0.6875, false); // mean 0.65625, accuracy 0.5
    calibration.add(1, true); // the last bin takes 1

    assertThat(calibration.error()).isCloseTo((2 * 0.15625 + 0) / 3, within(1e-9));
    assertThat(calibration.bins())
        .containsExactly(
            new CalibrationBin(0.6, 0.7, 2, 0.65625, 0.5), new CalibrationBin(0.9, 1.0, 1, 1, 1));
  }

  @Test
  void findsTheMostFrequentClassAndTheFirstOfEquals() {
    ClassCounts counts = new ClassCounts(3);
    assertThat(counts.majority()).isEqualTo(OptionalInt.empty());

    counts.add(2);
    counts.add(1);
    assertThat(counts.majority()).isEqualTo(OptionalInt.of(1));

    ClassCounts more = new ClassCounts(3);
    more.add(2);
    assertThat(counts.merge(more).majority()).isEqualTo(OptionalInt.of(2));
    assertThat(counts.merge(more).rows()).isEqualTo(3);
  }

  @Property(tries = 200)
  void mergesPartsIntoTheWhole(
      @ForAll @Size(max = 40) List<@DoubleRange(max = 1) Double> probabilities,
      @ForAll @IntRange(max = 40) int cut) {
    HeadScore whole = fold(probabilities);
    int at = Math.min(cut, probabilities.size());

    HeadScore merged =
        fold(probabilities.subList(at, probabilities.size()))
            .merge(fold(probabilities.subList(0, at)));

    assertThat(merged.confusion().toLists()).isEqualTo(whole.confusion().toLists());
    assertThat(merged.logLoss().value()).isCloseTo(whole.logLoss().value(), within(1e-9));
    assertThat(merged.calibration().error()).isCloseTo(whole.calibration().error(), within(1e-9));
  }

  private static HeadScore fold(List<Double> probabilities) {
    HeadScore score = HeadScore.none(2);
    for (double probability : probabilities) {
      int predicted = probability < 0.5 ? 0 : 1;
      float[] classes = of(probability);
      score = score.add((int) (probability * 10) % 2, predicted, classes, classes[predicted]);
    }
    return score;
  }

  private static float[] of(double probability) {
    return new float[] {(float) probability, (float) (1 - probability)};
  }
}
