package io.attune.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.mockwebserver.MockWebServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesDriverTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  @TempDir Path folder;
  private KubernetesClient client;
  private final StringWriter said = new StringWriter();
  private KubernetesDriver driver;

  @BeforeEach
  void open() {
    REQUESTS.setLevel(Level.WARNING); // the test server would print each request
    driver = new KubernetesDriver("1", client, new PrintWriter(said, true));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "137, 137", "143, 137"})
  void exitCodeIsThatOfTheDriversContainer(int ended, int expected) {
    create("1", ended);
    create("2", 9);

    assertThat(driver.exitCode(0)).isEqualTo(expected);
    assertThat(driver.name()).contains("night-1-driver");
    assertThat(driver.printed())
        .contains("kubectl -n %s logs night-1-driver".formatted(namespace()));
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void podThatIsDeletedWasSeenToEnd() throws Exception {
    driver.watch();
    Pod pod = create("1", 143);
    await("it is seen", () -> driver.name().isPresent());
    client.pods().resource(pod).delete();
    await("it is gone", () -> client.pods().list().getItems().isEmpty());

    assertThat(driver.exitCode(0)).isEqualTo(137);
    assertThat(driver.printed()).isPresent();
    driver.close();
  }

  @Test
  void podThatNobodySawIsNoSuccess() {
    create("2", 0);

    assertThat(driver.exitCode(0)).isEqualTo(1);
    assertThat(driver.printed()).isEmpty();
  }

  @Test
  void podThatRunsWhenItIsLostIsNoSuccess() {
    client.pods().resource(pod("1").build()).create();

    assertThat(driver.exitCode(0)).isEqualTo(1);
    assertThat(driver.printed()).isPresent();
  }

  @Test
  void serverThatDoesNotAnswerIsNamed() {
    client.close();

    assertThat(driver.exitCode(0)).isEqualTo(1);
    assertThat(said.toString()).contains("Kubernetes does not say what became of it");
  }

  @Test
  void clientLogsInAsSparkSubmitDoes() throws IOException {
    FakeDistribution distribution = new FakeDistribution(folder);
    Path token = Files.writeString(folder.resolve("token"), "secret\n");
    Map<String, String> settings =
        Map.of(
            "namespace", "attune",
            "authenticate.submission.oauthTokenFile", token.toString(),
            "authenticate.submission.clientKeyFile", "/key",
            "authenticate.submission.clientCertFile", "/certificate",
            "trust.certificates", "true");
    StringBuilder options = new StringBuilder();
    settings.forEach(
        (key, value) -> options.append(" --conf spark.kubernetes." + key + "=" + value));
    distribution.variables().put("ATTUNE_SUBMIT_OPTS", options.toString());
    Config config =
        KubernetesDriver.config(
            distribution.submission("nightly", "--cluster=kubernetes", "-c", "news.yaml"));

    assertThat(config.getMasterUrl()).isEqualTo("https://host:6443/");
    assertThat(config.getNamespace()).isEqualTo("attune");
    assertThat(config.getOauthToken()).isEqualTo("secret");
    assertThat(config.getClientKeyFile()).isEqualTo("/key");
    assertThat(config.getClientCertFile()).isEqualTo("/certificate");
    assertThat(config.isTrustCerts()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "k8s://https://host:6443, https://host:6443",
    "k8s://http://host:8001, http://host:8001",
    "k8s://host:6443, https://host:6443",
  })
  void addressOfTheServerIsTheMasters(String master, String url) {
    assertThat(KubernetesDriver.url(master)).isEqualTo(url);
  }

  private String namespace() {
    return client.getNamespace();
  }

  private Pod create(String id, int code) {
    Pod pod =
        pod(id)
            .withNewStatus()
            .addNewContainerStatus()
            .withName("sidecar")
            .withNewState()
            .withNewTerminated()
            .withExitCode(9)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .addNewContainerStatus()
            .withName("spark-kubernetes-driver")
            .withNewState()
            .withNewTerminated()
            .withExitCode(code)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    return client.pods().resource(pod).create();
  }

  private static PodBuilder pod(String id) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("night-" + id + "-driver")
        .addToLabels("attune-submission", id)
        .endMetadata();
  }

  /** Describes a condition that is met at some time. */
  private interface Condition {
    boolean isMet();
  }

  private static void await(String what, Condition condition) throws InterruptedException {
    Instant end = Instant.now().plus(LIMIT);
    while (!condition.isMet()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
