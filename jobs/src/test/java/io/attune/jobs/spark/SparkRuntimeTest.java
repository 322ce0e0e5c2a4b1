package io.attune.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.apache.spark.rpc.RpcAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which versions of Spark are accepted. */
class SparkRuntimeTest {
  /** Reproduces the exception of Spark, which is the same for every reason. */
  private final Throwable stopped =
      new IllegalStateException("Spark context stopped while waiting for backend");

  @Test
  void theSparkOfTheBuildIsTaken() {
    assertThatCode(SparkRuntime::requireFit).doesNotThrowAnyException();
    assertThatCode(() -> SparkRuntime.requireFit("3.5.0", "2.12.15")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"3.4.4, 2.12.17", "3.5.5, 2.13.8", "4.0.1, 2.13.16", "3.3.0, 2.12.15"})
  void othersAreRefusedBeforeWorkStarts(String spark, String scala) {
    assertThatThrownBy(() -> SparkRuntime.requireFit(spark, scala))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("Attune cannot run on Spark " + spark + " with Scala " + scala)
        .hasMessageContaining("set SPARK_HOME to a Spark 3.5 built for Scala 2.12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "spark://master:7077", "k8s://https://api:6443"})
  void aPathAloneIsNoRootOnACluster(String master) {
    assertThatThrownBy(() -> SparkRuntime.requireShared("/data/attune", master))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("'/data/attune' names no file system")
        .hasMessageContaining("hdfs:///");
    assertThatCode(() -> SparkRuntime.requireShared("hdfs:///attune", master))
        .doesNotThrowAnyException();
    assertThatCode(() -> SparkRuntime.requireShared("file:///shared", master))
        .doesNotThrowAnyException();
    assertThatCode(() -> SparkRuntime.requireShared("/data/attune", "local[*]"))
        .doesNotThrowAnyException();
  }

  @Test
  void standAloneSparkIsRefusedWhereTheRootAsksForKerberos() {
    String root = "hdfs://namenode/attune";
    assertThatThrownBy(() -> SparkRuntime.requireTokens(root, "spark://master:7077", true))
        .isInstanceOf(Failure.BadUsage.class)
        .hasMessageContaining("hands its executors no tokens")
        .hasMessageContaining("--cluster yarn");
    assertThatCode(
            () -> {
              SparkRuntime.requireTokens(root, "spark://master:7077", false);
              SparkRuntime.requireTokens(root, "yarn", true);
              SparkRuntime.requireTokens(root, "local[*]", true);
              SparkRuntime.requireTokens("file:///shared", "spark://master:7077", true);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void masterThatDoesNotAnswerIsNamedWithTheReason() throws IOException {
    int closed = closedPort();
    String masters = "spark://no-such-host.invalid:7077,localhost:" + closed;

    assertThat(SparkRuntime.explainFailure(masters, stopped))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .isInstanceOf(Failure.BadInput.class)
                    .hasMessageContaining("The master '" + masters + "' does not answer")
                    .hasMessageContaining("no host no-such-host.invalid is known")
                    .hasMessageContaining("localhost:" + closed + ": Connection refused")
                    .hasCause(stopped));
  }

  @Test
  void clusterThatAnswersAndGivesUpIsNotSaidToBeAway() throws IOException {
    try (ServerSocket master = new ServerSocket(0)) {
      String masters =
          "spark://localhost:%d,localhost:%d".formatted(closedPort(), master.getLocalPort());
      for (String cluster : List.of(masters, "yarn")) {
        assertThat(SparkRuntime.explainFailure(cluster, stopped))
            .hasValueSatisfying(
                failure ->
                    assertThat(failure)
                        .isInstanceOf(Failure.BadInput.class)
                        .hasMessageContaining("The cluster '" + cluster + "' gave up")
                        .hasMessageContaining("waiting for backend"));
      }
    }
  }

  @Test
  void masterWithoutAPortIsAMistakeOfTheCommandLine() {
    String master = "spark://master";
    Throwable thrown =
        catchThrowable(() -> RpcAddress.fromSparkURL(master)); // which a session asks first

    assertThat(SparkRuntime.explainFailure(master, thrown))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .isInstanceOf(Failure.BadUsage.class)
                    .hasMessageContaining("write spark://HOST:PORT"));
  }

  @Test
  void whatElseBefallsASessionIsToldInItsOwnWords() {
    assertThat(SparkRuntime.explainFailure("yarn", new IllegalArgumentException("no such setting")))
        .isEmpty();
    assertThat(SparkRuntime.explainFailure("yarn", new NullPointerException())).isEmpty();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
