package io.attune.pipeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.schemas.report.Evaluation;
import io.attune.schemas.report.Evaluation.HeadResult;
import io.attune.schemas.report.Evaluation.PriorShiftResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrectedAnswersTest {
  private static final double ASKED = 0.8;
  private static final double CORRECTED = 0.9;

  @Test
  void goesByWhatTheEvaluationSays() {
    assertThat(isCorrected("estimated", ASKED)).isTrue(); // of all rows, the shares of a sample
    assertThat(isCorrected("training", CORRECTED)).isFalse();
  }

  @Test
  void goesByTheAccuracyWhereTheEvaluationSaysNothing() {
    assertThat(isCorrected(null, CORRECTED)).isTrue();
    assertThat(isCorrected(null, ASKED)).isFalse();
  }

  @Test
  void aHeadWithoutSharesIsNotCorrected() {
    assertThat(CorrectedAnswers.isCorrected(evaluation("estimated", ASKED), "topic")).isFalse();
  }

  private static boolean isCorrected(String prior, double accuracy) {
    return CorrectedAnswers.isCorrected(evaluation(prior, accuracy), "mood");
  }

  private static Evaluation evaluation(String prior, double accuracy) {
    return new Evaluation(
            List.of(
                HeadResult.builder("candidate", "test", "mood", 10).accuracy(accuracy).build(),
                HeadResult.builder("candidate", "test", "topic", 10).accuracy(accuracy).build()),
            List.of(),
            List.of())
        .withPriors(
            List.of(
                new PriorShiftResult("candidate", "mood", 10, List.of(), 0.01, ASKED, CORRECTED)),
            prior);
  }
}
