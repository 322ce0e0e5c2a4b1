package io.attune.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedJobTest {
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());

  @TempDir Path root;

  private void show(long done, long total, String note) {
    shown.add("%d of %d %s".formatted(done, total, note));
  }

  @Test
  void showsHowManyRowsTheTasksHaveDoneWhileTheyRun() throws InterruptedException {
    SparkSession spark = TestNight.in(root).spark();
    CountedJob job = CountedJob.of(spark, 4, "rows");
    LongAccumulator done = job.done();
    CountDownLatch half = new CountDownLatch(1);
    Progress progress =
        (count, total, note) -> {
          show(count, total, note);
          if (count >= 2) {
            half.countDown();
          }
        };

    boolean isShown =
        job.during(
            progress,
            () -> {
              JavaSparkContext.fromSparkContext(spark.sparkContext())
                  .parallelize(List.of(1, 1), 2)
                  .foreach(rows -> done.add(rows));
              return half.await(1, TimeUnit.MINUTES);
            });

    assertThat(isShown).isTrue();
    assertThat(shown).startsWith("0 of 4 rows").contains("2 of 4 rows");
  }

  @Test
  void aTaskThatRunsAgainDoesNotMakeMoreOfThemThanThereAre() {
    CountedJob job = CountedJob.of(TestNight.in(root).spark(), 3, "rows");
    job.done().add(7);

    job.during(this::show, () -> null);

    assertThat(shown).containsOnly("3 of 3 rows");
  }

  @Test
  void afterAFailureNothingMoreIsShown() throws InterruptedException {
    CountedJob job = CountedJob.of(TestNight.in(root).spark(), 3, "rows");

    assertThatThrownBy(
            () ->
                job.during(
                    this::show,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    int before = shown.size();
    TimeUnit.MILLISECONDS.sleep(1_200);

    assertThat(shown).hasSize(before);
  }
}
