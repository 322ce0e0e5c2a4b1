package io.attune.pipeline.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.Precision;
import io.attune.pipeline.TestNight;
import io.attune.schemas.model.EncoderCard;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderBudgetTest {
  private static final EncoderCard SMALL =
      EncoderCard.builder("tiny")
          .modelType("bert")
          .layers(3)
          .width(16)
          .heads(2)
          .feedForward(32)
          .vocabulary(30_000)
          .maxTokens(64)
          .build();
  private static final EncoderChoice.Texts TEXTS = new EncoderChoice.Texts(1_000_000, 8);

  @TempDir Path root;

  private static EncoderBudget budget(double minutes) {
    return new EncoderBudget(BackendChoice.AUTO, Precision.FLOAT32, minutes);
  }

  @Test
  void anEncoderIsTooSlowWhereItsVectorsTakeLongerThanThereIsTime() {
    SparkSession spark = TestNight.in(root).spark();

    assertThat(budget(1e9).tooSlow(spark, SMALL, TEXTS)).isEmpty();
    assertThat(budget(1e-6).tooSlow(spark, SMALL, TEXTS))
        .get()
        .asString()
        .matches(
            "the vectors of 'tiny' would take about \\d+ minutes, and train.budget-minutes is 1.0E-6");
  }

  @Test
  void nothingIsMeasuredOfAFewTexts() {
    SparkSession spark = TestNight.in(root).spark();
    EncoderChoice.Texts few = new EncoderChoice.Texts(50_000, 64);

    assertThat(budget(1e-9).tooSlow(spark, SMALL, few)).isEmpty();
  }

  @Test
  void theEncodersOfALanguageAreTheDefaultAndThoseThatCostLess() {
    assertThat(KnownEncoder.everCheaper("en"))
        .extracting(KnownEncoder::name)
        .containsExactly("bge-small-en", "minilm-en");
    assertThat(KnownEncoder.everCheaper("zh"))
        .extracting(KnownEncoder::name)
        .containsExactly("bge-small-zh");
    assertThat(KnownEncoder.everCheaper("fi")).isEmpty();
  }

  @Test
  void blocksThatAreNotTrainedAreComputedOnceAndOthersInEveryPass() {
    EncoderTrial.Cost cost = new EncoderTrial.Cost(1, 10, 0);

    assertThat(cost.seconds(12, 0, 3, 5)).isEqualTo(5 * 12);
    assertThat(cost.seconds(12, 2, 3, 5)).isEqualTo(5 * (10 + 3 * 2 * 10));
  }
}
