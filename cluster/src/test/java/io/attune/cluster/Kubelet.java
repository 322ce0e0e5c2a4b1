package io.attune.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Acts as the only node of a Kubernetes cluster: it runs each pod's container as a process of this
 * machine, and reports its status. There are no images and no limits.
 */
final class Kubelet implements Watcher<Pod>, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Kubelet.class.getName());
  private static final int COULD_NOT_START = 128;

  private final KubernetesClient client;
  private final Path folder;
  private final Path sparkHome;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Watch watch;

  Kubelet(ApiServer api, Path folder, Path sparkHome) {
    this.client = api.client();
    this.folder = folder;
    this.sparkHome = sparkHome;
    this.watch = client.pods().watch(this);
  }

  /** Returns all pods of a role, ended ones too, as they were requested. */
  List<Pod> pods(String role) {
    return sandboxes.values().stream()
        .map(Sandbox::pod)
        .filter(pod -> role.equals(pod.getMetadata().getLabels().get("spark-role")))
        .toList();
  }

  /** Returns the process of a pod that has started. */
  Process process(Pod pod) {
    return sandboxes.get(pod.getMetadata().getName()).process();
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    String name = pod.getMetadata().getName();
    if (action == Action.ADDED) {
      int number = sandboxes.size(); // 127.0.0.x is for processes that are not pods
      String address = "127.0.%d.%d".formatted(1 + number / 250, 1 + number % 250);
      Sandbox sandbox = new Sandbox(pod, address, folder.resolve(name), sparkHome);
      sandboxes.put(name, sandbox);
      threads.execute(() -> run(sandbox));
    } else if (action == Action.MODIFIED && pod.isMarkedForDeletion()) {
      sandboxes.get(name).end();
    }
  }

  @Override
  public void onClose(WatcherException e) {
    throw new IllegalStateException("the node lost its API server", e);
  }

  private void run(Sandbox sandbox) {
    try {
      report(sandbox, "Pending", new ContainerState());
      String started = Instant.now().toString();
      int code = COULD_NOT_START;
      try {
        Process process = sandbox.start(client);
        report(
            sandbox,
            "Running",
            new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(started)
                .endRunning()
                .build());
        code = process.waitFor();
      } catch (IOException | KubernetesClientException e) {
        LOG.log(Level.SEVERE, sandbox.name(), e);
      }
      report(
          sandbox,
          code == 0 ? "Succeeded" : "Failed",
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(code)
              .withReason(code == 0 ? "Completed" : "Error")
              .withStartedAt(started)
              .withFinishedAt(Instant.now().toString())
              .endTerminated()
              .build());
      sandbox.awaitEnd();
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
            .withStartTime(sandbox.since().toString())
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

  @Override
  public void close() {
    watch.close();
    threads.shutdownNow();
    for (Sandbox sandbox : sandboxes.values()) {
      sandbox.end(); // also one that is about to start
      Process process = sandbox.process();
      if (process != null) {
        process.destroyForcibly().onExit().join();
      }
    }
    client.close();
  }
}
