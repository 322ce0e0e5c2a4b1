package io.attune.pipeline.encoder;

import io.attune.neural.network.ModelConfig;
import io.attune.neural.network.Networks;
import io.attune.neural.optim.UpdaterConfig;
import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.EncoderCard;
import io.attune.schemas.model.LabelSets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongToIntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Says whether there is time to train an encoder, where the training chooses by the time how much
 * of it is trained.
 *
 * @param passes over the rows of the train split, of all networks together, by their number
 * @param minutes that the training may take
 */
public record EncoderBudget(
    ModelConfig model,
    UpdaterConfig updater,
    LabelSets labels,
    LongToIntFunction passes,
    double minutes)
    implements EncoderChoice.Limit {
  /** Is the number of tokens of which any processor trains a block of any encoder in time. */
  private static final long FEW = 100_000;

  private static final double MINUTE = 60;

  /**
   * Returns why an encoder is too slow: its vectors and one block, trained, take longer than there
   * is time, as a few seconds of measuring on each core slot say. Empty where it is not.
   */
  @Override
  public Optional<String> tooSlow(
      SparkSession spark, EncoderCard encoder, EncoderChoice.Texts texts) {
    if (model.tune() != ModelConfig.Tune.AUTO || texts.tokens() < FEW) {
      return Optional.empty();
    }
    EncoderTrial trial =
        new EncoderTrial(
            EncoderTrial.shape(encoder),
            model,
            updater,
            new Networks.Task(encoder.vocabulary(), texts.longest(), labels, 1));
    List<EncoderTrial.Cost> costs = measure(spark, trial);
    int passes = this.passes.applyAsInt(texts.rows());
    double needed =
        costs.stream()
                .mapToDouble(cost -> cost.seconds(encoder.layers(), 1, passes, texts.tokens()))
                .average()
                .orElseThrow()
            / costs.size()
            / MINUTE;
    return needed <= minutes
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "to train one block of '%s' would take about %.0f minutes, and train.budget-minutes"
                    + " is %s",
                encoder.name(),
                needed,
                minutes));
  }

  /** Measures in as many tasks at a time as there are core slots, as a training would run. */
  private static List<EncoderTrial.Cost> measure(SparkSession session, EncoderTrial trial) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int slots = Math.max(1, spark.defaultParallelism());
    return JobDescription.during(
        session,
        "tokenize: measure the speed of an encoder",
        () ->
            spark
                .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
                .map(slot -> trial.measure())
                .collect());
  }
}
