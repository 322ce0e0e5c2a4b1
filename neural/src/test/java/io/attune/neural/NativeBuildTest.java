package io.attune.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class NativeBuildTest {
  @Test
  void theBestBuildIsOneWhoseInstructionsTheProcessorHas() {
    assertThat(NativeBuild.of(Set.of("sse4_1"))).isEqualTo(NativeBuild.GENERIC);
    assertThat(NativeBuild.of(Set.of())).isEqualTo(NativeBuild.GENERIC);
    assertThat(NativeBuild.of(Set.of("sse4_1", "avx2", "fma"))).isEqualTo(NativeBuild.AVX2);
    assertThat(NativeBuild.of(Set.of("avx2", "fma", "avx512f"))).isEqualTo(NativeBuild.AVX2);
    assertThat(NativeBuild.of(Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl")))
        .isEqualTo(NativeBuild.AVX512);
  }

  @Test
  void nd4jLoadsTheBuildOfThisProcessorThoughNobodyNamesIt() throws IOException {
    assertThat(System.getProperty("org.bytedeco.javacpp.platform.extension")).isNull();

    assertThat(Nd4j.ones(3).sumNumber().intValue()).isEqualTo(3);

    String folder =
        NativeBuild.inUse() == NativeBuild.GENERIC ? "x86_64" : NativeBuild.inUse().word();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .filteredOn(line -> line.endsWith("/libnd4jcpu.so"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith("-" + folder + "/libnd4jcpu.so"));
  }
}
