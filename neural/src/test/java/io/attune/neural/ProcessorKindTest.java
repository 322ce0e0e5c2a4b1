package io.attune.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessorKindTest {
  @Test
  void namesTheInstructionsThatDecideBits() {
    assertThat(
            ProcessorKind.of(
                "amd64",
                Stream.of(
                    "processor\t: 0",
                    "flags\t\t: fpu avx2 sse4_1 avx512f amx_bf16",
                    "processor\t: 1",
                    "flags\t\t: fpu")))
        .isEqualTo("amd64 avx2 avx512f amx_bf16");
  }

  @Test
  void isTheArchitectureAloneWhereNothingElseIsKnown() {
    assertThat(ProcessorKind.of("aarch64", Stream.of("Features\t: fp asimd"))).isEqualTo("aarch64");
    assertThat(ProcessorKind.here()).startsWith(System.getProperty("os.arch"));
  }
}
