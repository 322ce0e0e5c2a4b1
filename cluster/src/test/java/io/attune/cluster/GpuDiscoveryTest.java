package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the discovery script with an nvidia-smi whose output the test chooses. */
class GpuDiscoveryTest {
  @TempDir Path folder;

  @Test
  void namesEveryGpuInTheWordsOfSpark() throws Exception {
    Commands.Outcome outcome = discover("printf '0\\n1\\n7\\n'");

    assertThat(outcome.code()).as(outcome.said()).isZero();
    JsonNode found = new ObjectMapper().readTree(outcome.said());
    assertThat(found.get("name").asText()).isEqualTo("gpu");
    assertThat(found.get("addresses")).extracting(JsonNode::asText).containsExactly("0", "1", "7");
  }

  @Test
  void namesNoGpuWhereThereIsNone() throws Exception {
    Commands.Outcome outcome = discover(":");

    assertThat(outcome.code()).as(outcome.said()).isZero();
    assertThat(new ObjectMapper().readTree(outcome.said()).get("addresses")).isEmpty();
  }

  @Test
  void failsWhereTheDriverDoes() throws Exception {
    Commands.Outcome outcome = discover("echo 'Failed to initialize NVML' >&2; exit 9");

    assertThat(outcome.code()).isNotZero();
    assertThat(outcome.said()).contains("Failed to initialize NVML").doesNotContain("addresses");
  }

  private Commands.Outcome discover(String nvidiaSmi) throws IOException, InterruptedException {
    Path fake = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + nvidiaSmi + "\n");
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Commands.run(
        Map.of("PATH", folder + ":" + System.getenv("PATH")),
        folder,
        List.of(Path.of("conf", "gpu-discovery.sh").toAbsolutePath().toString()));
  }
}
