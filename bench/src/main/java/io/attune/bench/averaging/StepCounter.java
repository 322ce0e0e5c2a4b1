package io.attune.bench.averaging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Counts the rows that workers train, with any master, if they are threads of this JVM: the counts
 * are static. One training at a time.
 */
final class StepCounter implements TrainingHook {
  private static final long serialVersionUID = 1;
  private static final LongAdder STEPS = new LongAdder();
  private static final LongAdder ROWS = new LongAdder();
  private static final LongAdder TOKENS = new LongAdder();
  private static final LongAdder NANOS = new LongAdder();
  private static final ThreadLocal<Long> STARTED = new ThreadLocal<>();

  /**
   * Holds the counts of a training.
   *
   * @param tokens padding not counted
   * @param seconds in forward and backward passes, summed over workers
   */
  record Counts(long steps, long rows, long tokens, double seconds) {}

  /** Returns the counts since the last call and resets them. */
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

  /** Throws an exception: networks here train multi data sets. */
  @Override
  public void preUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException();
  }

  /** Throws an exception: networks here train multi data sets. */
  @Override
  public void postUpdate(DataSet batch, Model network) {
    throw new UnsupportedOperationException();
  }
}
