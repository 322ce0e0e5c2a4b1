package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a training of which an executor is killed ({@code kill -9}) in the middle of a round. */
class LostExecutorIT {
  @Test
  void aRoundThatLosesAnExecutorEndsWithTheSameBits(@TempDir Path folder, @TempDir Path undisturbed)
      throws Exception {
    SparkProcess.run(ClusterTraining.class, folder);

    assertThat(Files.readString(folder.resolve(ClusterTraining.REMOVED))).isEqualTo("1");
    byte[] expected =
        ClusterTraining.train(
            JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext()), undisturbed);
    assertThat(Files.readAllBytes(folder.resolve(ClusterTraining.PARAMETERS))).isEqualTo(expected);
  }
}
