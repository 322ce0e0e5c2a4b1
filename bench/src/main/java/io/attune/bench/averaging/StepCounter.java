package io.attune.bench.averaging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Counts what workers really train, in whatever master, where they are threads of this JVM: the
 * counts are its own. One training at a time.
 */
final class StepCounter implements TrainingHook {
  private static final long serialVersionUID = 1;
  private static final LongAdder STEPS = new LongAdder();
  private static final LongAdder ROWS = new LongAdder();
  private static final LongAdder TOKENS = new LongAdder();
  private static final LongAdder NANOS = new LongAdder();
  private static final ThreadLocal<Long> STARTED = new ThreadLocal<>();

  /**
   * The counts of a training.
   *
   * @param tokens padding not counted
   * @param seconds in forward and backward passes, summed over workers
   */
  record Counts(long steps, long rows, long tokens, double seconds) {}

  /** Takes the counts since the last call. */
  static Counts take() {
    return new Counts(
        STEPS.sumThenReset(),
        ROWS.sumThenReset(),
        TOKENS.sumThenReset(),
        NANOS.sumThenReset() / (double) TimeUnit.SECONDS.toNanos(1));
  }

  @Override
  public void preUpdate(MultiDataSet batch, Model network) {
    STARTED.set(System.nanoTime());
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model network) {
    NANOS.add(System.nanoTime() - STARTED.get());
    STEPS.increment();
    ROWS.add(batch.getFeatures(0).size(0));
    TOKENS.add(batch.getFeaturesMaskArray(0).sumNumber().longValue());
  }

  /** Never called: networks here train multi data sets. */
  @Override
  public void preUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException();
  }

  /** Never called: networks here train multi data sets. */
  @Override
  public void postUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException();
  }
}
