package io.attune.pipeline.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attune.pipeline.advice.AnswerCounts.Tally;
import io.attune.schemas.report.Advice.HeadDrift;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoreDriftTest {
  /** Sets the nights of a simulation. */
  private static final int NIGHTS = 300;

  @Test
  void figuresOfAChangeAreThoseWorkedOutByHand() {
    AnswerCounts test = answers(new double[] {0.9, 0.6}, new long[] {150, 50});
    AnswerCounts now = answers(new double[] {0.9, 0.6}, new long[] {60, 60});

    HeadDrift drift = ScoreDrift.of(List.of(new ScoreDrift.Head("mood", now, test, true))).get(0);

    assertThat(drift.documents()).isEqualTo(120);
    assertThat(drift.testRows()).isEqualTo(200);
    assertThat(drift.meanConfidence()).isCloseTo(0.75, within(1e-12));
    assertThat(drift.testConfidence()).isCloseTo(0.825, within(1e-12));
    // (1/2 - 3/4) ln((1/2) / (3/4)) twice, with half a row added to each count
    double p = 60.5 / 121;
    double q = 150.5 / 201;
    double index = (p - q) * Math.log(p / q) + (q - p) * Math.log((1 - p) / (1 - q));
    assertThat(drift.classes().index())
        .isCloseTo(index, within(1e-12))
        .isCloseTo(0.27, within(0.01));
    assertThat(drift.classes().expected()).isCloseTo(1 / 120.0 + 1 / 200.0, within(1e-12));
    assertThat(drift.confidence()).isEqualTo(drift.classes()); // the class tells the probability
    // entropy of (5/8, 3/8) less the mean of those of (1/2, 1/2) and (3/4, 1/4)
    assertThat(drift.divergence()).isCloseTo(0.954434 - (1 + 0.811278) / 2, within(1e-6));
    assertThat(drift.most()).isEqualTo("sure");
    assertThat(drift.mostNow()).isEqualTo(0.5);
    assertThat(drift.mostTest()).isEqualTo(0.75);
    assertThat(drift.level()).isEqualTo(HeadDrift.MUCH_CHANGED);
  }

  /** A quiet stream: the plain index would cry wolf in most nights of few documents. */
  @Test
  void withoutAChangeHardlyANightSaysThatThereIsOne() {
    SplittableRandom random = new SplittableRandom(20261130);
    for (int[] sizes : new int[][] {{100, 300}, {200, 1000}, {1000, 1000}}) {
      int alarms = 0;
      int plain = 0;
      for (int night = 0; night < NIGHTS; night++) {
        HeadDrift drift =
            ScoreDrift.of(
                    List.of(
                        new ScoreDrift.Head(
                            "mood", drawn(sizes[0], 0, random), drawn(sizes[1], 0, random), true)))
                .get(0);
        alarms += drift.level().equals(HeadDrift.SAME) ? 0 : 1;
        plain += drift.confidence().index() >= 0.1 ? 1 : 0;
      }
      assertThat(alarms).as("of %d documents", sizes[0]).isLessThanOrEqualTo(NIGHTS / 50);
      if (sizes[0] == 100) {
        assertThat(plain).isGreaterThan(NIGHTS / 2);
      }
    }
  }

  @Test
  void lessCertainAnswersAreFoundWhereTheClassesStayTheSame() {
    SplittableRandom random = new SplittableRandom(7);
    HeadDrift drift =
        ScoreDrift.of(
                List.of(
                    new ScoreDrift.Head(
                        "mood", drawn(600, -1.5, random), drawn(600, 0, random), true)))
            .get(0);

    assertThat(drift.level()).isEqualTo(HeadDrift.MUCH_CHANGED);
    assertThat(drift.meanConfidence()).isLessThan(drift.testConfidence());
    assertThat(ScoreDrift.excess(drift.classes())).isZero();
  }

  @Test
  void smallSamplesAndOneClassSayNothingAndHeadsWithoutAnswersAreLeftOut() {
    AnswerCounts few = new Tally().add("a", 10, 20, 18).counts();
    AnswerCounts one = new Tally().add("a", 10, 500, 450).counts();

    List<HeadDrift> drifts =
        ScoreDrift.of(
            List.of(
                new ScoreDrift.Head("few", few, one, true),
                new ScoreDrift.Head("one", one, one, true),
                new ScoreDrift.Head("none", AnswerCounts.none(), one, true)));

    assertThat(drifts).extracting(HeadDrift::head).containsExactly("few", "one");
    assertThat(drifts.get(0).level()).isEqualTo(HeadDrift.TOO_FEW);
    assertThat(drifts.get(1).level()).isEqualTo(HeadDrift.SAME);
    assertThat(drifts.get(1).classes()).isNull();
    assertThat(drifts.get(1).divergence()).isZero();
  }

  @Test
  void probabilitiesOfAnotherScaleAreNotCompared() {
    AnswerCounts test = answers(new double[] {0.9, 0.6}, new long[] {100, 100});
    AnswerCounts now = answers(new double[] {0.99, 0.7}, new long[] {100, 100});

    HeadDrift drift = ScoreDrift.of(List.of(new ScoreDrift.Head("mood", now, test, false))).get(0);

    assertThat(drift.confidence()).isNull();
    assertThat(drift.testConfidence()).isNull();
    assertThat(drift.level()).isEqualTo(HeadDrift.SAME);
  }

  @Test
  void tenthsAreOfTheTestSplitAndFewerWhereAnswersAreEquallySure() {
    Tally even = new Tally();
    for (int cell = 0; cell < 100; cell++) {
      even.add("a", cell, 3, 1);
    }
    AnswerCounts spread = even.counts();
    AnswerCounts saturated = new Tally().add("a", 5, 5, 1).add("a", 9, 95, 90).counts();

    assertThat(spread.tenths()).containsExactly(9, 19, 29, 39, 49, 59, 69, 79, 89);
    assertThat(spread.parts(spread.tenths()).values()).hasSize(10).containsOnly(30L);
    assertThat(saturated.tenths()).isEmpty();
    assertThat(AnswerCounts.cell(0.5)).isZero();
    assertThat(AnswerCounts.cell(1)).isEqualTo(17 * AnswerCounts.CELLS_PER_UNIT);
    assertThat(AnswerCounts.cell(0)).isEqualTo(-17 * AnswerCounts.CELLS_PER_UNIT);
  }

  /** Counts answers "sure" of the first probability and "unsure" of the second. */
  private static AnswerCounts answers(double[] probabilities, long[] numbers) {
    return new Tally()
        .add("sure", AnswerCounts.cell(probabilities[0]), numbers[0], probabilities[0] * numbers[0])
        .add(
            "unsure",
            AnswerCounts.cell(probabilities[1]),
            numbers[1],
            probabilities[1] * numbers[1])
        .counts();
  }

  /** Draws three classes, and log-odds uniform over four units from a shift on. */
  private static AnswerCounts drawn(int documents, double shift, SplittableRandom random) {
    Tally tally = new Tally();
    for (int i = 0; i < documents; i++) {
      double odds = shift + 4 * random.nextDouble();
      double probability = 1 / (1 + Math.exp(-odds));
      tally.add("class " + random.nextInt(3), AnswerCounts.cell(probability), 1, probability);
    }
    return tally.counts();
  }
}
