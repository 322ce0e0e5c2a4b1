package io.attune.neural.averaging.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.neural.averaging.config.Device;
import io.attune.schemas.failure.Failure;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;
import org.junit.jupiter.api.Test;

class GpuProfileTest {

  @Test
  void asksForOneGpuForEachTaskAndExecutor() {
    SparkConf conf = cluster().set("spark.dynamicAllocation.enabled", "true");

    ResourceProfile profile = GpuProfile.of(conf, Device.GPU, "./find.sh").orElseThrow();

    assertThat(profile.executorResourcesJMap().get("gpu").amount()).isEqualTo(1);
    assertThat(profile.executorResourcesJMap().get("gpu").discoveryScript()).isEqualTo("./find.sh");
    assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(1);
  }

  @Test
  void asksForNothingOnTheProcessorInLocalModeAndWhereExecutorsHaveGpusAnyway() {
    assertThat(GpuProfile.of(cluster(), Device.CPU, "")).isEmpty();
    assertThat(GpuProfile.of(conf("local[2]"), Device.GPU, "")).isEmpty();
    SparkConf everywhere = cluster().set("spark.executor.resource.gpu.amount", "1");
    assertThat(GpuProfile.of(everywhere, Device.GPU, "")).isEmpty();
  }

  @Test
  void saysWhatSparkNeedsToStartExecutorsForOneStage() {
    assertThatThrownBy(() -> GpuProfile.of(cluster(), Device.GPU_OR_CPU, ""))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("set spark.dynamicAllocation.enabled and")
        .hasMessageContaining("spark.executor.resource.gpu.amount");
  }

  private static SparkConf cluster() {
    return conf("spark://master:7077");
  }

  private static SparkConf conf(String master) {
    return new SparkConf(false).setMaster(master);
  }
}
