package io.attune.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherHandler;
import io.fabric8.kubernetes.client.server.mock.crud.PostHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;

/**
 * Serves the Kubernetes API without a cluster: it keeps resources in memory and notifies watches.
 * It has no users, rights, quotas or defaults.
 */
final class ApiServer implements AutoCloseable {
  static final String NAMESPACE = "attune";

  /** Keeps a deleted pod until its node has ended it. */
  static final String FINALIZER = "attune.io/node";

  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  private static final String OWN = "attune tests";

  private final MockWebServer server = new MockWebServer();
  private final Dispatcher dispatcher = new Dispatcher();

  static ApiServer start() throws IOException {
    REQUESTS.setLevel(Level.WARNING); // it would log each request
    ApiServer api = new ApiServer();
    api.server.setDispatcher(api.dispatcher);
    api.server.start(InetAddress.getLoopbackAddress(), 0);
    return api;
  }

  /**
   * Returns the requests of other clients than the tests' own, as rights of a role: {@code create
   * pods}.
   */
  Set<String> rightsAskedFor() {
    return Set.copyOf(dispatcher.rights);
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url())
            .withNamespace(NAMESPACE)
            .withUserAgent(OWN)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** Adds to the mock server the behaviour of a real one on which Spark relies. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    private static final Pattern OF_A_KIND =
        Pattern.compile("/namespaces/" + NAMESPACE + "/(?<kind>\\w+)(?<name>/[^?]+)?");
    private static final Pattern LABEL_IN_SET =
        Pattern.compile("(?<key>[\\w./-]+) in \\((?<values>[^)]*)\\)");

    private final Set<String> rights = ConcurrentHashMap.newKeySet();
    private final KubernetesCrudDispatcherHandler creation =
        new PostHandler(new KubernetesAttributesExtractor(), this);

    /** Handles one request at a time: the map of the mock server is not thread-safe. */
    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      Matcher kind = OF_A_KIND.matcher(request.getPath());
      if (kind.find() && !OWN.equals(request.getHeader("User-Agent"))) {
        rights.add(verb(request, kind.group("name") != null) + " " + kind.group("kind"));
      }
      return super.dispatch(request);
    }

    /**
     * Returns the verb of a request:
     * https://kubernetes.io/docs/reference/access-authn-authz/authorization, request verbs.
     */
    private static String verb(RecordedRequest request, boolean ofOne) {
      return switch (Objects.requireNonNull(request.getMethod())) {
        case "POST" -> "create";
        case "PUT" -> "update";
        case "PATCH" -> "patch";
        case "DELETE" -> ofOne ? "delete" : "deletecollection";
        case "GET" -> request.getPath().contains("watch=true") ? "watch" : ofOne ? "get" : "list";
        default -> throw new IllegalArgumentException(request.getRequestLine());
      };
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      return create(request.getPath(), request.getBody().readUtf8());
    }

    /** Replaces or creates the resource: Spark uses a server-side apply only for those. */
    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      String type = Objects.requireNonNull(request.getHeader("Content-Type"));
      if (!type.startsWith(PatchType.SERVER_SIDE_APPLY.getContentType())) {
        return super.handlePatch(request);
      }
      String path = request.getPath().replaceFirst("\\?.*", "");
      handleDelete(path);
      return create(path.replaceFirst("/[^/]*$", ""), request.getBody().readUtf8());
    }

    @Override
    public MockResponse handleDelete(String path) {
      return withoutSets(path).stream()
          .map(super::handleDelete)
          .reduce((first, last) -> last)
          .orElseThrow();
    }

    @Override
    public MockResponse handleGet(String path) {
      return withoutSets(path).stream().map(super::handleGet).reduce(this::both).orElseThrow();
    }

    /**
     * Opens and closes a watch, which has its own thread, under the lock of the requests: it reads
     * all resources when it opens, and must get no events while it is removed.
     */
    @Override
    public MockResponse handleWatch(String path) {
      WebSocketListener watch = super.handleWatch(path).getWebSocketListener();
      return new MockResponse().withWebSocketUpgrade(new InTurn(this, watch));
    }

    private MockResponse both(MockResponse list, MockResponse more) {
      try {
        ObjectNode all = (ObjectNode) asNode(list.getBody().readUtf8());
        all.withArray("items").addAll((ArrayNode) asNode(more.getBody().readUtf8()).get("items"));
        return new MockResponse().setResponseCode(200).setBody(all.toString());
      } catch (KubernetesCrudDispatcherException e) {
        throw new IllegalStateException(e);
      }
    }

    /**
     * Splits a request for {@code key in (a,b)} into one per value: the mock server ignores sets.
     */
    private static List<String> withoutSets(String path) {
      HttpUrl url = Objects.requireNonNull(HttpUrl.parse("http://localhost" + path));
      String labels = Objects.requireNonNullElse(url.queryParameter("labelSelector"), "");
      Matcher set = LABEL_IN_SET.matcher(labels);
      if (!set.find()) {
        return List.of(path);
      }
      return Stream.of(set.group("values").split(","))
          .map(value -> set.replaceFirst("${key}=" + value.strip()))
          .map(selector -> url.newBuilder().setQueryParameter("labelSelector", selector).build())
          .map(one -> one.encodedPath() + "?" + one.encodedQuery())
          .toList();
    }

    private MockResponse create(String path, String body) {
      try {
        ObjectNode resource = (ObjectNode) asNode(body);
        if (resource.path("kind").asText().equals("Pod")) {
          resource.putObject("status").put("phase", "Pending");
          ((ObjectNode) resource.get("metadata")).putArray("finalizers").add(FINALIZER);
        }
        return creation.handle(path, "application/json", resource.toString());
      } catch (KubernetesCrudDispatcherException e) {
        return new MockResponse().setResponseCode(e.getCode()).setBody(e.toStatusBody());
      }
    }
  }

  /** Holds a lock while a listener opens and while it ends. */
  private static final class InTurn extends WebSocketListener {
    private final Object lock;
    private final WebSocketListener listener;

    InTurn(Object lock, WebSocketListener listener) {
      this.lock = lock;
      this.listener = listener;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      synchronized (lock) {
        listener.onOpen(socket, response);
      }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      listener.onClosing(socket, code, reason);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      synchronized (lock) {
        listener.onClosed(socket, code, reason);
      }
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, Response response) {
      synchronized (lock) {
        listener.onFailure(socket, failure, response);
      }
    }
  }
}
