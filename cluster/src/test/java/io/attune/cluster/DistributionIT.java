package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Verifies the contents of the tarball. */
class DistributionIT {
  private static List<String> entries;

  @BeforeAll
  static void list() throws IOException, InterruptedException {
    Commands.Outcome tar = Commands.run("tar", "-tzf", Distribution.tarball().toString());
    assertThat(tar.code()).as(tar.said()).isZero();
    entries = tar.said().lines().toList();
  }

  @Test
  void containsNoSparkAndNothingThatSparkProvides() {
    assertThat(jars())
        .isNotEmpty()
        .noneMatch(
            jar ->
                jar.matches(
                    "(spark|hadoop|scala|orc|parquet|avro|zookeeper|curator|hive|slf4j|log4j|jackson-(core|databind|annotations)|snakeyaml|commons-(io|codec|lang3|math3|compress|logging))-.*"));
  }

  @Test
  void containsAttuneItsNativesAndIceberg() {
    assertThat(jars())
        .anyMatch(jar -> jar.startsWith("attune-jobs-"))
        .anyMatch(jar -> jar.startsWith("attune-pipeline-"))
        .anyMatch(jar -> jar.startsWith("attune-schemas-"))
        .anyMatch(jar -> jar.startsWith("iceberg-spark-runtime-3.5_2.12-"))
        .anyMatch(jar -> jar.matches("nd4j-native-.*-linux-x86_64-avx2\\.jar"))
        .anyMatch(jar -> jar.matches("nd4j-native-.*-linux-x86_64-avx512\\.jar"))
        .anyMatch(jar -> jar.matches("openblas-.*-linux-x86_64\\.jar"));
  }

  @Test
  void containsTheFilesThatAnOperatorReadsAndChanges() {
    assertThat(entries)
        .allMatch(entry -> entry.matches("attune-[^/]*/.*"))
        .anyMatch(entry -> entry.matches("[^/]*/attune"))
        .anyMatch(entry -> entry.matches("[^/]*/LICENSE"))
        .anyMatch(entry -> entry.matches("[^/]*/conf/yarn\\.conf"))
        .anyMatch(entry -> entry.matches("[^/]*/conf/jvm\\.options"))
        .anyMatch(entry -> entry.matches("[^/]*/conf/gpu-discovery\\.sh"))
        .anyMatch(entry -> entry.matches("[^/]*/docs/DEPLOYMENT\\.md"));
  }

  private static List<String> jars() {
    return entries.stream()
        .filter(entry -> entry.contains("/lib/") && entry.endsWith(".jar"))
        .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
        .toList();
  }
}
