package io.attune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the distribution with Spark's own Kubernetes backend against an API server in memory, with
 * pods that are processes of this machine. The root is on the development cluster's HDFS.
 */
class KubernetesIT extends NightOnDevelopmentCluster {
  private static final Run RUN = SubmittedNight.RUN;
  private static final Path KEPT = Path.of("target", "kubernetes").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final int KILLED = 128 + 9;

  private ApiServer api;
  private Kubelet node;
  private KubernetesClient client;

  @BeforeAll
  void keepJars() throws IOException, InterruptedException {
    cluster.keepJars(night.home());
  }

  @BeforeEach
  void startNode(TestInfo test) throws IOException {
    api = ApiServer.start();
    client = api.client();
    node =
        new Kubelet(
            api, KEPT.resolve(test.getTestMethod().orElseThrow().getName()), cluster.sparkHome());
  }

  @AfterEach
  void stopNode() throws IOException {
    node.close();
    client.close();
    api.close();
  }

  @Test
  void nightIsTheLocalNightBitForBitAndLeavesNoExecutors() throws Exception {
    String root = cluster.files() + "/attune/kubernetes";
    Storage storage = night.run(environment(), words(night, root), root);

    NightComparison.requireSame(RUN, storage, local);
    assertThat(node.pods("driver")).singleElement().satisfies(KubernetesIT::requireAsConfigured);
    assertThat(node.pods("driver").get(0).getSpec().getServiceAccountName()).isEqualTo("attune");
    assertThat(node.pods("executor")).hasSize(2).allSatisfy(KubernetesIT::requireAsConfigured);
    await("no executors are left", () -> executors().isEmpty());
    assertThat(client.configMaps().withLabel("spark-role", "executor").list().getItems()).isEmpty();
    assertThat(rightsOfTheDocumentation()).containsAll(api.rightsAskedFor());
    assertThat(kinds(rightsOfTheDocumentation())).isEqualTo(kinds(api.rightsAskedFor()));
  }

  /** Returns the rights of the role in docs/DEPLOYMENT.md: {@code create pods}, … */
  private static Set<String> rightsOfTheDocumentation() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "DEPLOYMENT.md"));
    Matcher role =
        Pattern.compile("create role attune --resource=(\\S+)\\s+\\\\\\s+--verb=(\\S+)")
            .matcher(text);
    assertThat(role.find()).as("the command that makes the role").isTrue();
    Set<String> rights = new HashSet<>();
    for (String kind : role.group(1).split(",", -1)) {
      for (String verb : role.group(2).split(",", -1)) {
        rights.add(verb + " " + kind);
      }
    }
    return rights;
  }

  private static Set<String> kinds(Set<String> rights) {
    return rights.stream().map(right -> right.split(" ", -1)[1]).collect(Collectors.toSet());
  }

  /** Verifies requests for simulated GPUs: the build computes on the processor. */
  @Test
  void onlyThePodsOfTheTrainingAskForGpus() throws Exception {
    Map<String, String> environment =
        environment(
            "spark.dynamicAllocation.enabled=true",
            "spark.dynamicAllocation.shuffleTracking.enabled=true",
            "spark.dynamicAllocation.shuffleTracking.timeout=10s",
            "spark.dynamicAllocation.executorIdleTimeout=5s");
    String root = cluster.files() + "/attune/gpu";
    String[] onGpus =
        words(
            night,
            root,
            "--set=train.device=gpu-or-cpu",
            "--set=train.averaging.workers=2",
            "--set=train.gpu-discovery-script=" + cluster.sparkConf("fake-gpu.sh"));
    Storage storage = night.run(environment, onGpus, root);

    NightComparison.requireSame(RUN, storage, local);
    Map<Boolean, List<Pod>> withGpu =
        node.pods("executor").stream()
            .collect(Collectors.partitioningBy(KubernetesIT::asksForAGpu));
    assertThat(withGpu.get(true)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(withGpu.get(false)).isNotEmpty();
  }

  private static boolean asksForAGpu(Pod pod) {
    Map<String, Quantity> limits = pod.getSpec().getContainers().get(0).getResources().getLimits();
    return new Quantity("1").equals(limits.get("nvidia.com/gpu"));
  }

  @Test
  void exitCodeOfTheDriversContainerReachesTheSubmitter() throws Exception {
    Path missing =
        Files.writeString(
            folder.resolve("missing.yaml"),
            Files.readString(night.config()).replace("/corpora/data/", "/nowhere/"));
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("ATTUNE_JARS", "local://" + night.home().resolve("lib")); // as in an image
    SubmittedNight other = new SubmittedNight(cluster, night.home(), missing);
    String[] words = words(other, cluster.files() + "/attune/missing");
    Commands.Outcome outcome = cluster.attune(night.home(), environment, words);

    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.said()).contains("kubectl -n attune logs attune-nightly-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"killed", "deleted"})
  void driverThatIsKilledOrDeletedEndsTheSubmitterAsIfItWasKilled(String how) throws Exception {
    Path said = Files.createDirectories(KEPT).resolve(how + ".txt");
    String root = cluster.files() + "/attune/" + how;
    Process launcher = cluster.startAttune(night.home(), environment(), said, words(night, root));
    await("an executor runs", () -> !launcher.isAlive() || phases().contains("Running"));
    Pod driver = node.pods("driver").get(0);
    if (how.equals("killed")) {
      node.process(driver).destroyForcibly();
    } else {
      client.pods().resource(driver).delete();
    }

    assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).as("see " + said).isEqualTo(KILLED);
    await("executors fail without it", () -> phases().stream().allMatch("Failed"::equals));
  }

  /**
   * Verifies the settings of cluster/conf/kubernetes.conf and of the launcher, with the sizes given
   * here.
   */
  private static void requireAsConfigured(Pod pod) {
    Container container = pod.getSpec().getContainers().get(0);
    Map<String, String> environment = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), variable.getValue());
    }
    Quantity heapAndOverhead = new Quantity("2048Mi");

    assertThat(pod.getMetadata().getNamespace()).isEqualTo(ApiServer.NAMESPACE);
    assertThat(container.getImage()).isEqualTo("spark:3.5.5-scala2.12-java17-ubuntu");
    assertThat(container.getResources().getRequests()).containsEntry("memory", heapAndOverhead);
    assertThat(container.getResources().getLimits()).containsEntry("memory", heapAndOverhead);
    assertThat(environment)
        .containsEntry("OMP_NUM_THREADS", "1")
        .containsEntry("OPENBLAS_NUM_THREADS", "1");
  }

  private String[] words(SubmittedNight submitted, String root, String... more) {
    Stream<String> master = Stream.of("--master=k8s://" + api.url());
    return submitted.words(
        "kubernetes", root, Stream.concat(master, Stream.of(more)).toArray(String[]::new));
  }

  /**
   * Returns the settings of a site: the API server for pods, the folder of uploads; and small
   * sizes.
   */
  private Map<String, String> environment(String... more) {
    Stream<String> site =
        Stream.of(
            "spark.kubernetes.driver.master=" + api.url(),
            "spark.kubernetes.file.upload.path=" + cluster.files() + "/attune/upload",
            "spark.executor.instances=2",
            "spark.executor.memory=1g",
            "spark.executor.memoryOverhead=1g",
            "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=768m",
            "spark.driver.memory=1g",
            "spark.driver.memoryOverhead=1g",
            "spark.sql.shuffle.partitions=2");
    return Map.of(
        "ATTUNE_SUBMIT_OPTS",
        Stream.concat(site, Stream.of(more))
            .map("--conf "::concat)
            .collect(Collectors.joining(" ")));
  }

  private List<Pod> executors() {
    return client.pods().withLabel("spark-role", "executor").list().getItems();
  }

  private List<String> phases() {
    return executors().stream().map(pod -> pod.getStatus().getPhase()).toList();
  }

  private static void await(String what, BooleanSupplier isSo) throws InterruptedException {
    Instant end = Instant.now().plus(LIMIT);
    while (!isSo.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(200);
    }
  }
}
