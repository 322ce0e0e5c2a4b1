package io.attune.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The only node of a Kubernetes: it runs each pod's container as a process of this machine, as the
 * entry point of Spark's image would, and reports what becomes of it. There are no images and no
 * limits; each pod has an address on the loopback of its own, its volumes are folders, and the
 * names of services resolve.
 */
final class Kubelet implements Watcher<Pod>, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Kubelet.class.getName());
  private static final int COULD_NOT_START = 128;
  private static final long SECONDS_TO_START = 60;

  private final KubernetesClient client;
  private final Path folder;
  private final Path sparkHome;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger addresses = new AtomicInteger(1);
  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Watch watch;

  /** A pod as it was asked for, its process once there is one, and whether it is to go. */
  private record Sandbox(
      Pod pod,
      String address,
      Path folder,
      Map<String, String> environment,
      AtomicReference<Process> process,
      CountDownLatch deletion) {
    String name() {
      return pod.getMetadata().getName();
    }

    Container container() {
      return pod.getSpec().getContainers().get(0);
    }

    /** With the folders of this machine in place of the container's. */
    String here(String text) {
      String here = text;
      for (VolumeMount mount : container().getVolumeMounts()) {
        here = here.replace(mount.getMountPath(), folder.resolve(mount.getName()).toString());
      }
      return here;
    }
  }

  Kubelet(ApiServer api, Path folder, Path sparkHome) {
    this.client = api.client();
    this.folder = folder;
    this.sparkHome = sparkHome;
    this.watch = client.pods().watch(this);
  }

  /** All pods of a role there ever were, as they were asked for. */
  List<Pod> pods(String role) {
    return sandboxes.values().stream()
        .map(Sandbox::pod)
        .filter(pod -> role.equals(pod.getMetadata().getLabels().get("spark-role")))
        .toList();
  }

  /** The process of a pod that has started. */
  Process process(Pod pod) {
    return sandboxes.get(pod.getMetadata().getName()).process().get();
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    String name = pod.getMetadata().getName();
    if (action == Action.ADDED) {
      int number = addresses.incrementAndGet();
      Sandbox sandbox =
          new Sandbox(
              pod,
              "127.0.%d.%d".formatted(1 + number / 250, 1 + number % 250),
              folder.resolve(name),
              new TreeMap<>(),
              new AtomicReference<>(),
              new CountDownLatch(1));
      sandboxes.put(name, sandbox);
      threads.execute(() -> run(sandbox));
    } else if (action == Action.MODIFIED && pod.isMarkedForDeletion()) {
      Sandbox sandbox = sandboxes.get(name);
      sandbox.deletion().countDown();
      Process process = sandbox.process().get();
      if (process != null) {
        process.destroy();
      }
    }
  }

  @Override
  public void onClose(WatcherException e) {
    throw new IllegalStateException("the node lost its API server", e);
  }

  private void run(Sandbox sandbox) {
    try {
      report(sandbox, "Pending", new ContainerState());
      String since = Instant.now().toString();
      int code = COULD_NOT_START;
      try {
        Process process = start(sandbox);
        sandbox.process().set(process);
        if (sandbox.deletion().getCount() == 0) {
          process.destroy();
        }
        report(
            sandbox,
            "Running",
            new ContainerStateBuilder().withNewRunning().withStartedAt(since).endRunning().build());
        code = process.waitFor();
      } catch (IOException e) {
        LOG.log(Level.SEVERE, sandbox.name(), e);
      }
      report(
          sandbox,
          code == 0 ? "Succeeded" : "Failed",
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(code)
              .withReason(code == 0 ? "Completed" : "Error")
              .withStartedAt(since)
              .withFinishedAt(Instant.now().toString())
              .endTerminated()
              .build());
      sandbox.deletion().await();
      client
          .pods()
          .withName(sandbox.name())
          .edit(now -> new PodBuilder(now).editMetadata().withFinalizers().endMetadata().build());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the node is closed
    }
  }

  private void report(Sandbox sandbox, String phase, ContainerState state) {
    Container container = sandbox.container();
    boolean isReady = state.getRunning() != null;
    PodStatus status =
        new PodStatusBuilder()
            .withPhase(phase)
            .withPodIP(sandbox.address())
            .withStartTime(Instant.now().toString())
            .addNewCondition()
            .withType("Ready")
            .withStatus(isReady ? "True" : "False")
            .endCondition()
            .addNewContainerStatus()
            .withName(container.getName())
            .withImage(container.getImage())
            .withReady(isReady)
            .withState(state)
            .endContainerStatus()
            .build();
    client
        .pods()
        .withName(sandbox.name())
        .editStatus(now -> new PodBuilder(now).withStatus(status).build());
  }

  private Process start(Sandbox sandbox) throws IOException {
    for (Volume volume : sandbox.pod().getSpec().getVolumes()) {
      Path place = Files.createDirectories(sandbox.folder().resolve(volume.getName()));
      if (volume.getConfigMap() != null) {
        materialise(volume.getConfigMap().getName(), volume.getConfigMap().getItems(), place);
      }
    }
    Path work = Files.createDirectories(sandbox.folder().resolve("work-dir"));
    Map<String, String> environment = sandbox.environment();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", sparkHome.toString());
    environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts(sandbox));
    for (EnvVar variable : sandbox.container().getEnv()) {
      environment.put(variable.getName(), sandbox.here(value(variable, sandbox)));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command(sandbox)).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectOutput(sandbox.folder().resolve("log").toFile()).start();
  }

  /** Writes a config map as files; Spark makes it after the pod that it belongs to. */
  private void materialise(String name, List<KeyToPath> items, Path place) throws IOException {
    ConfigMap map =
        client
            .configMaps()
            .withName(name)
            .waitUntilCondition(Objects::nonNull, SECONDS_TO_START, TimeUnit.SECONDS);
    for (Map.Entry<String, String> entry : map.getData().entrySet()) {
      boolean isWanted =
          items.isEmpty() || items.stream().anyMatch(item -> item.getKey().equals(entry.getKey()));
      if (isWanted) {
        Files.writeString(place.resolve(entry.getKey()), entry.getValue());
      }
    }
  }

  /** What the cluster's DNS and the pod's own hosts file say, in a file that Java reads instead. */
  private Path hosts(Sandbox sandbox) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("127.0.0.1 localhost");
    lines.add(sandbox.address() + " " + InetAddress.getLocalHost().getHostName());
    for (Service service : client.services().list().getItems()) {
      for (Pod pod : client.pods().withLabels(service.getSpec().getSelector()).list().getItems()) {
        lines.add(
            "%s %s.%s.svc"
                .formatted(
                    pod.getStatus().getPodIP(),
                    service.getMetadata().getName(),
                    service.getMetadata().getNamespace()));
      }
    }
    return Files.write(sandbox.folder().resolve("hosts"), lines);
  }

  private static String value(EnvVar variable, Sandbox sandbox) {
    if (variable.getValueFrom() == null) {
      return Objects.requireNonNullElse(variable.getValue(), "");
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> sandbox.address();
      case "metadata.name" -> sandbox.name();
      default -> throw new IllegalArgumentException("no field " + field);
    };
  }

  /** As resource-managers/kubernetes/docker/src/main/dockerfiles/spark/entrypoint.sh of Spark. */
  private List<String> command(Sandbox sandbox) {
    Map<String, String> environment = sandbox.environment();
    List<String> arguments = sandbox.container().getArgs().stream().map(sandbox::here).toList();
    List<String> command = new ArrayList<>();
    if (arguments.get(0).equals("driver")) {
      String address = environment.get("SPARK_DRIVER_BIND_ADDRESS");
      command.add(sparkHome.resolve("bin/spark-submit").toString());
      command.addAll(List.of("--conf", "spark.driver.bindAddress=" + address));
      command.addAll(List.of("--conf", "spark.executorEnv.SPARK_DRIVER_POD_IP=" + address));
      command.addAll(List.of("--deploy-mode", "client"));
      command.addAll(arguments.subList(1, arguments.size()));
      return command;
    }
    command.add(Path.of(environment.get("JAVA_HOME"), "bin/java").toString());
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("SPARK_JAVA_OPT_")) {
            command.add(value);
          }
        });
    String memory = environment.get("SPARK_EXECUTOR_MEMORY");
    command.addAll(List.of("-Xms" + memory, "-Xmx" + memory, "-cp", classPath(environment)));
    command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
    Map.of(
            "--driver-url", "SPARK_DRIVER_URL",
            "--executor-id", "SPARK_EXECUTOR_ID",
            "--cores", "SPARK_EXECUTOR_CORES",
            "--app-id", "SPARK_APPLICATION_ID",
            "--hostname", "SPARK_EXECUTOR_POD_IP",
            "--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID",
            "--podName", "SPARK_EXECUTOR_POD_NAME")
        .forEach((option, name) -> command.addAll(List.of(option, environment.get(name))));
    return command;
  }

  private String classPath(Map<String, String> environment) {
    return Stream.of(
            environment.get("SPARK_CONF_DIR"),
            environment.get("HADOOP_CONF_DIR"),
            environment.get("SPARK_CLASSPATH"),
            sparkHome.resolve("jars").toString() + "/*",
            ".")
        .filter(Objects::nonNull)
        .reduce((left, right) -> left + ":" + right)
        .orElseThrow();
  }

  @Override
  public void close() {
    watch.close();
    threads.shutdownNow();
    for (Sandbox sandbox : sandboxes.values()) {
      Process process = sandbox.process().get();
      if (process != null) {
        process.destroyForcibly().onExit().join();
      }
    }
    client.close();
  }
}
