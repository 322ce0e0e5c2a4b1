package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attune.pipeline.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Sparks a night may run on. */
class EngineTest {
  @Test
  void theSparkOfTheBuildIsTaken() {
    assertThatCode(Engine::requireFit).doesNotThrowAnyException();
    assertThatCode(() -> Engine.requireFit("3.5.0", "2.12.15")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"3.4.4, 2.12.17", "3.5.5, 2.13.8", "4.0.1, 2.13.16", "3.3.0, 2.12.15"})
  void othersAreRefusedBeforeWorkStarts(String spark, String scala) {
    assertThatThrownBy(() -> Engine.requireFit(spark, scala))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Attune cannot run on Spark " + spark + " with Scala " + scala)
        .hasMessageContaining("set SPARK_HOME to a Spark 3.5 built for Scala 2.12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "spark://master:7077", "k8s://https://api:6443"})
  void aPathAloneIsNoRootOnACluster(String master) {
    assertThatThrownBy(() -> Engine.requireShared("/data/attune", master))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("'/data/attune' names no file system")
        .hasMessageContaining("hdfs:///");
    assertThatCode(() -> Engine.requireShared("hdfs:///attune", master)).doesNotThrowAnyException();
    assertThatCode(() -> Engine.requireShared("file:///shared", master)).doesNotThrowAnyException();
    assertThatCode(() -> Engine.requireShared("/data/attune", "local[*]"))
        .doesNotThrowAnyException();
  }

  @Test
  void standAloneSparkIsRefusedWhereTheRootAsksForKerberos() {
    String root = "hdfs://namenode/attune";
    assertThatThrownBy(() -> Engine.requireTokens(root, "spark://master:7077", true))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("hands its executors no tokens")
        .hasMessageContaining("--cluster yarn");
    assertThatCode(
            () -> {
              Engine.requireTokens(root, "spark://master:7077", false);
              Engine.requireTokens(root, "yarn", true);
              Engine.requireTokens(root, "local[*]", true);
              Engine.requireTokens("file:///shared", "spark://master:7077", true);
            })
        .doesNotThrowAnyException();
  }
}
