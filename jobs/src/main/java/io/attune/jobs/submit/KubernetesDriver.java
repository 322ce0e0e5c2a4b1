package io.attune.jobs.submit;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Asks Kubernetes about the driver's pod of one submission, which is found by its label. The pod is
 * watched while spark-submit runs, since a pod that was deleted cannot be queried afterwards.
 */
final class KubernetesDriver implements Cluster, ResourceEventHandler<Pod> {
  private static final String CONTAINER = "spark-kubernetes-driver";

  /** Limits the wait for events that spark-submit has received already. */
  private static final Duration LAG = Duration.ofSeconds(5);

  private static final String LOGIN = "spark.kubernetes.authenticate.submission.";

  private final String id;
  private final KubernetesClient client;
  private final PrintWriter err;
  private volatile Pod seen;
  private CompletionStage<Void> started;
  private SharedIndexInformer<Pod> informer;

  KubernetesDriver(String id, KubernetesClient client, PrintWriter err) {
    this.id = id;
    this.client = client;
    this.err = err;
  }

  /** Opens a client that logs in as spark-submit does. */
  static KubernetesClient client(Submission submission) {
    return new KubernetesClientBuilder().withConfig(config(submission)).build();
  }

  static Config config(Submission submission) {
    String context = submission.setting("spark.kubernetes.context").orElse(null);
    ConfigBuilder config =
        new ConfigBuilder(Config.autoConfigure(context))
            .withMasterUrl(url(submission.namedMaster()))
            .withNamespace(submission.setting("spark.kubernetes.namespace").orElse("default"))
            .withTrustCerts(
                Boolean.parseBoolean(
                    submission.setting("spark.kubernetes.trust.certificates").orElse("false")));
    submission.setting(LOGIN + "oauthToken").ifPresent(config::withOauthToken);
    submission
        .setting(LOGIN + "oauthTokenFile")
        .ifPresent(file -> config.withOauthToken(read(Path.of(file))));
    submission.setting(LOGIN + "caCertFile").ifPresent(config::withCaCertFile);
    submission.setting(LOGIN + "clientKeyFile").ifPresent(config::withClientKeyFile);
    submission.setting(LOGIN + "clientCertFile").ifPresent(config::withClientCertFile);
    return config.build();
  }

  /** Returns the address of the API server, with https if the master names no scheme. */
  static String url(String master) {
    String address = master.substring("k8s://".length());
    return address.contains("://") ? address : "https://" + address;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void watch() {
    informer = client.pods().withLabel(Submission.LABEL, id).runnableInformer(0);
    informer.addEventHandler(this);
    // Keep retrying: spark-submit itself reports that the server does not answer.
    informer.exceptionHandler((isStarted, thrown) -> true);
    started = informer.start();
  }

  @Override
  public void onAdd(Pod pod) {
    seen = pod;
  }

  @Override
  public void onUpdate(Pod old, Pod pod) {
    seen = pod;
  }

  @Override
  public void onDelete(Pod pod, boolean isStateUnknown) {
    if (exitCode(pod).isPresent()) {
      seen = pod;
    }
  }

  @Override
  public int exitCode(int submitted) {
    try {
      List<Pod> pods = client.pods().withLabel(Submission.LABEL, id).list().getItems();
      pods.stream().findFirst().ifPresent(pod -> seen = pod);
      awaitEnd();
    } catch (KubernetesClientException e) {
      err.printf("attune: Kubernetes does not say what became of it: %s%n", e.getMessage());
    }
    return DriverCode.onKubernetes(submitted, ended());
  }

  /**
   * Waits for the end of the driver's container. The end of a deleted pod is known only from the
   * watch, whose events may arrive late.
   */
  private void awaitEnd() {
    Instant end = Instant.now().plus(LAG);
    try {
      while (started != null && ended().isEmpty() && Instant.now().isBefore(end)) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OptionalInt ended() {
    return seen == null ? OptionalInt.empty() : exitCode(seen);
  }

  /** Returns the exit code of the driver's container, if it has ended. */
  private static OptionalInt exitCode(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).map(PodStatus::getContainerStatuses).stream()
        .flatMap(List::stream)
        .filter(status -> CONTAINER.equals(status.getName()))
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(ContainerState::getTerminated)
        .filter(Objects::nonNull)
        .mapToInt(ContainerStateTerminated::getExitCode)
        .findFirst();
  }

  @Override
  public Optional<String> name() {
    return Optional.ofNullable(seen).map(pod -> pod.getMetadata().getName());
  }

  @Override
  public Optional<String> printed() {
    return Optional.ofNullable(seen)
        .map(Pod::getMetadata)
        .map(pod -> "kubectl -n %s logs %s".formatted(pod.getNamespace(), pod.getName()));
  }

  @Override
  public void close() {
    if (started != null) {
      informer.stop();
    }
    client.close();
  }
}
