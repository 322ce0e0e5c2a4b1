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

/** Which Sparks a night may run on. */
class EngineTest {
  /** What Spark throws, whatever the reason. */
  private final Throwable stopped =
      new IllegalStateException("Spark context stopped while waiting for backend");

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

  @Test
  void masterThatDoesNotAnswerIsNamedWithTheReason() throws IOException {
    int closed = closedPort();
    String masters = "spark://no-such-host.invalid:7077,localhost:" + closed;

    assertThat(Engine.whyNotOpen(masters, stopped))
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
        assertThat(Engine.whyNotOpen(cluster, stopped))
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

    assertThat(Engine.whyNotOpen(master, thrown))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .isInstanceOf(Failure.BadUsage.class)
                    .hasMessageContaining("write spark://HOST:PORT"));
  }

  @Test
  void whatElseBefallsASessionIsToldInItsOwnWords() {
    assertThat(Engine.whyNotOpen("yarn", new IllegalArgumentException("no such setting")))
        .isEmpty();
    assertThat(Engine.whyNotOpen("yarn", new NullPointerException())).isEmpty();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
