package io.attune.neural.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.Device;
import io.attune.schemas.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests stage-level scheduling with simulated GPUs. */
class GpuTrainingIT {
  @Test
  void onlyTheTrainingHoldsGpusAndEachWorkerItsOwn(@TempDir Path folder, @TempDir Path local)
      throws Exception {
    SparkProcess.run(GpuTraining.class, folder);

    assertThat(Files.readAllLines(folder.resolve(GpuTraining.OTHERS_ON)))
        .allSatisfy(place -> assertThat(place).matches("executor-\\d+-gpu-"));
    assertThat(GpuTraining.places(folder))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(place -> assertThat(place).matches("executor-\\d+-gpu-5"));
    Files.createDirectory(local.resolve(GpuTraining.TRAINED_ON));
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());
    assertThat(Files.readString(folder.resolve(GpuTraining.PARAMETERS)))
        .isEqualTo(GpuTraining.text(GpuTraining.train(spark, local, Device.CPU)));
  }

  @Test
  void aBuildWithoutCudaRefusesATrainingThatRequiresAGpu(@TempDir Path folder) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());

    assertThatThrownBy(() -> GpuTraining.train(spark, folder, Device.GPU))
        .satisfies(
            thrown ->
                assertThat(Failure.in(thrown).orElseThrow())
                    .hasMessage(
                        "The device is gpu, and the build computes on the processor only: take one"
                            + " made with -Pcuda; or train on the processor, with the device cpu or"
                            + " gpu-or-cpu"));
  }
}
