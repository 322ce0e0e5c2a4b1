package io.attune.pipeline.encoder;

import io.attune.neural.encoder.BackendChoice;
import io.attune.neural.encoder.EncoderShape;
import io.attune.neural.encoder.Precision;
import io.attune.pipeline.JobDescription;
import io.attune.schemas.model.EncoderCard;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Says whether there is time for an encoder: for its vectors of the texts, which is what it costs
 * at least, whatever is trained.
 *
 * @param minutes that a training may take
 */
public record EncoderBudget(BackendChoice backend, Precision precision, double minutes)
    implements EncoderChoice.Limit {
  /** Is the number of tokens that any processor reads in time. */
  private static final long FEW = 100_000;

  private static final double MINUTE = 60;

  /** Measures, for a second on each core slot. */
  @Override
  public Optional<String> tooSlow(
      SparkSession spark, EncoderCard encoder, EncoderChoice.Texts texts) {
    if (texts.tokens() < FEW) {
      return Optional.empty();
    }
    double needed =
        texts.tokens() * encoder.layers() * secondsOfAllSlots(spark, encoder, texts) / MINUTE;
    return needed <= minutes
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the vectors of '%s' would take about %.0f minutes, and train.budget-minutes is %s",
                encoder.name(),
                Math.ceil(needed),
                minutes));
  }

  /** Returns the seconds of a token in a block where all slots compute, as a training would. */
  private double secondsOfAllSlots(
      SparkSession session, EncoderCard encoder, EncoderChoice.Texts texts) {
    EncoderShape shape = EncoderTrial.shape(encoder);
    BackendChoice on = backend;
    Precision in = precision;
    int longest = texts.longest();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int slots = Math.max(1, spark.defaultParallelism());
    return JobDescription.during(
        session,
        "tokenize: measure the speed of an encoder",
        () ->
            spark
                    .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
                    .mapToDouble(slot -> EncoderTrial.forward(shape, on, in, longest))
                    .mean()
                / slots);
  }
}
