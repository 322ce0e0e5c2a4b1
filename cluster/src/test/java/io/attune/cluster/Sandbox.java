package io.attune.cluster;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a pod as a process of this machine: the command of Spark's image, with the environment of
 * the pod, its volumes as folders, and its own loopback address.
 */
final class Sandbox {
  private static final long SECONDS_TO_MOUNT = 60;

  private final Pod pod;
  private final String address;
  private final Path folder;
  private final Path sparkHome;
  private final Instant since = Instant.now();
  private final CountDownLatch end = new CountDownLatch(1);
  private Process process;

  Sandbox(Pod pod, String address, Path folder, Path sparkHome) {
    this.pod = pod;
    this.address = address;
    this.folder = folder;
    this.sparkHome = sparkHome;
  }

  /** Returns the pod as it was requested. */
  Pod pod() {
    return pod;
  }

  String name() {
    return pod.getMetadata().getName();
  }

  String address() {
    return address;
  }

  Instant since() {
    return since;
  }

  Container container() {
    return pod.getSpec().getContainers().get(0);
  }

  /** Returns its process; null before it has started. */
  synchronized Process process() {
    return process;
  }

  /** Ends its process, or prevents its start. */
  synchronized void end() {
    end.countDown();
    if (process != null) {
      process.destroy();
    }
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  /** Starts its process, which writes into the file {@code log} of its folder. */
  Process start(KubernetesClient client) throws IOException {
    for (Volume volume : pod.getSpec().getVolumes()) {
      Path place = Files.createDirectories(folder.resolve(volume.getName()));
      if (volume.getConfigMap() != null) {
        mount(client, volume.getConfigMap(), place);
      }
    }
    Path work = Files.createDirectories(folder.resolve("work-dir"));
    Map<String, String> environment = environment();
    environment.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts(client));
    ProcessBuilder builder =
        new ProcessBuilder(command(environment)).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve("log").toFile());
    synchronized (this) {
      process = builder.start();
      if (end.getCount() == 0) {
        process.destroy();
      }
      return process;
    }
  }

  /** Writes a config map as files; Spark creates it after its pod. */
  private static void mount(KubernetesClient client, ConfigMapVolumeSource source, Path place)
      throws IOException {
    Map<String, String> data =
        client
            .configMaps()
            .withName(source.getName())
            .waitUntilCondition(Objects::nonNull, SECONDS_TO_MOUNT, TimeUnit.SECONDS)
            .getData();
    Map<String, String> paths =
        source.getItems().stream().collect(Collectors.toMap(KeyToPath::getKey, KeyToPath::getPath));
    if (paths.isEmpty()) {
      data.keySet().forEach(key -> paths.put(key, key));
    }
    for (Map.Entry<String, String> path : paths.entrySet()) {
      Files.writeString(place.resolve(path.getValue()), data.get(path.getKey()));
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", sparkHome.toString());
    for (EnvVar variable : container().getEnv()) {
      environment.put(variable.getName(), here(value(variable)));
    }
    return environment;
  }

  private String value(EnvVar variable) {
    if (variable.getValueFrom() == null) {
      return Objects.requireNonNullElse(variable.getValue(), "");
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> address;
      case "metadata.name" -> name();
      default -> throw new IllegalArgumentException("no field " + field);
    };
  }

  /** Replaces the folders of the container by those of this machine. */
  private String here(String text) {
    String here = text;
    for (VolumeMount mount : container().getVolumeMounts()) {
      here = here.replace(mount.getMountPath(), folder.resolve(mount.getName()).toString());
    }
    return here;
  }

  /**
   * Writes the entries of the cluster's DNS and of the pod's hosts file to a file that Java reads
   * instead.
   */
  private Path hosts(KubernetesClient client) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("127.0.0.1 localhost");
    lines.add(address + " " + InetAddress.getLocalHost().getHostName());
    for (Service service : client.services().list().getItems()) {
      String host =
          "%s.%s.svc"
              .formatted(service.getMetadata().getName(), service.getMetadata().getNamespace());
      for (Pod behind :
          client.pods().withLabels(service.getSpec().getSelector()).list().getItems()) {
        lines.add(behind.getStatus().getPodIP() + " " + host);
      }
    }
    return Files.write(folder.resolve("hosts"), lines);
  }

  /**
   * Returns the command of Spark's
   * resource-managers/kubernetes/docker/src/main/dockerfiles/spark/entrypoint.sh.
   */
  private List<String> command(Map<String, String> environment) {
    List<String> arguments = container().getArgs().stream().map(this::here).toList();
    List<String> command = new ArrayList<>();
    if (arguments.get(0).equals("driver")) {
      String bind = environment.get("SPARK_DRIVER_BIND_ADDRESS");
      command.add(sparkHome.resolve("bin/spark-submit").toString());
      command.addAll(List.of("--conf", "spark.driver.bindAddress=" + bind));
      command.addAll(List.of("--conf", "spark.executorEnv.SPARK_DRIVER_POD_IP=" + bind));
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
            sparkHome.resolve("jars") + "/*",
            ".")
        .filter(Objects::nonNull)
        .collect(Collectors.joining(":"));
  }
}
