package io.attune.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.TestSpark;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EveryJvmTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private final SparkContext spark = TestSpark.spark().sparkContext();

  @BeforeEach
  void forgetCalls() {
    CALLS.set(0);
  }

  /** Is static, since tasks get copies of objects. */
  private static void count() {
    CALLS.incrementAndGet();
  }

  /** Passes for the driver of a cluster. */
  private static class OfCluster extends JavaSparkContext {
    OfCluster(SparkContext context) {
      super(context);
    }

    @Override
    public Boolean isLocal() {
      return false;
    }
  }

  /** Passes for the driver of a cluster that is gone. */
  private static final class Gone extends OfCluster {
    Gone(SparkContext context) {
      super(context);
    }

    @Override
    public <T> JavaRDD<T> parallelize(List<T> list, int slices) {
      throw new IllegalStateException("the cluster is gone");
    }
  }

  @Test
  @SuppressWarnings("resource") // All tests share the context.
  void worksOnceInThisJvmAndOnceForEachSlotOfACluster() {
    EveryJvm.run(new JavaSparkContext(spark), EveryJvmTest::count);
    assertThat(CALLS).hasValue(1);

    EveryJvm.run(new OfCluster(spark), EveryJvmTest::count);
    assertThat(CALLS).hasValue(1 + 1 + spark.defaultParallelism());
  }

  @Test
  @SuppressWarnings("resource") // All tests share the context.
  void aClusterThatIsGoneDoesNotHideWhatFailedBefore() {
    assertThatThrownBy(
            () -> {
              try {
                throw new IllegalArgumentException("failed before");
              } finally {
                EveryJvm.run(new Gone(spark), EveryJvmTest::count);
              }
            })
        .hasMessage("failed before");
    assertThat(CALLS).hasValue(1);
  }
}
