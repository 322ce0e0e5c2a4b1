package io.attune.jobs.hooks;

import io.attune.schemas.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs hooks; their failures are warnings, not exceptions. */
public final class Hooks {
  /** Limits the bytes of a program's output that a warning quotes. */
  private static final int EXCERPT = 300;

  /** Limits the length of a variable: Linux refuses 128 KiB. The JSON has the full text. */
  private static final int LONGEST_VARIABLE = 16_000;

  private static final String ENCODING = "UTF-8";

  private final HooksConfig config;
  private final Map<String, String> env;
  private final Consumer<String> warn;

  /**
   * Creates the hooks of one task.
   *
   * @param env resolves {@code env:NAME}; also the environment of programs
   * @param warn receives a line for each hook that failed
   */
  public Hooks(HooksConfig config, Map<String, String> env, Consumer<String> warn) {
    this.config = config;
    this.env = Map.copyOf(env);
    this.warn = warn;
  }

  /** Names the ways in which a hook tells of an event. */
  public enum Sink {
    COMMAND,
    WEBHOOK;

    /** Returns its name as in the configuration. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Says what became of an event that a sink was told of. */
  public enum Outcome {
    /** The program ended with 0, or the receiver answered with a status of success. */
    TAKEN,
    /** It said that it did not take it, or was not there. */
    REFUSED,
    /** It was told, and did not answer in time: it may have taken it. */
    UNKNOWN
  }

  /** Runs what is set for the event, one after the other, each within its timeout. */
  public void send(NightEvent event) {
    for (Sink sink : sinks(event.event())) {
      var unused = deliver(event, sink); // a failure is a warning already
    }
  }

  /** Returns what is set for a kind of event, in order. */
  public Set<Sink> sinks(String event) {
    Hook hook = config.byName().get("on-" + event);
    Set<Sink> sinks = EnumSet.noneOf(Sink.class);
    if (!hook.command().isEmpty()) {
      sinks.add(Sink.COMMAND);
    }
    if (!hook.webhook().isEmpty()) {
      sinks.add(Sink.WEBHOOK);
    }
    return sinks;
  }

  /** Tells one sink of an event, within its timeout; there is a warning unless it took it. */
  public Outcome deliver(NightEvent event, Sink sink) {
    String name = "on-" + event.event();
    Hook hook = config.byName().get(name);
    String json = Json.line(event);
    return attempt(
        name + " " + sink.word(),
        () -> sink == Sink.COMMAND ? run(hook, event, json) : post(hook, event, json));
  }

  @FunctionalInterface
  private interface Attempt {
    Answer run() throws IOException, InterruptedException;
  }

  /**
   * Holds the answer of a sink.
   *
   * @param fault why it is not known to have taken the event; empty if it has
   */
  private record Answer(Outcome outcome, String fault) {
    static final Answer TAKEN = new Answer(Outcome.TAKEN, "");

    static Answer refused(String fault) {
      return new Answer(Outcome.REFUSED, fault);
    }

    static Answer unknown(String fault) {
      return new Answer(Outcome.UNKNOWN, fault);
    }
  }

  private Outcome attempt(String name, Attempt work) {
    try {
      Answer answer = work.run();
      if (answer.outcome() != Outcome.TAKEN) {
        warn.accept("hook " + name + ": " + answer.fault() + "; the night is not affected");
      }
      return answer.outcome();
    } catch (IOException | RuntimeException e) {
      warn.accept("hook " + name + ": " + message(e) + "; the night is not affected");
      return Outcome.REFUSED; // it was not reached
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      warn.accept("hook " + name + ": interrupted");
      return Outcome.UNKNOWN;
    }
  }

  private Answer run(Hook hook, NightEvent event, String json)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("attune-hook-", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(hook.command())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(output.toFile()));
      builder.environment().clear();
      builder.environment().putAll(env);
      builder.environment().putAll(variables(event));
      Process process = builder.start();
      feed(process, json);
      if (!process.waitFor(hook.timeoutSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return Answer.unknown(
            "'%s' was ended after %d seconds"
                .formatted(hook.command().get(0), hook.timeoutSeconds()));
      }
      return process.exitValue() == 0
          ? Answer.TAKEN
          : Answer.refused(
              "'%s' ended with exit code %d%s"
                  .formatted(hook.command().get(0), process.exitValue(), excerpt(output)));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Writes the input in its own thread, since a program may not read it. */
  private static void feed(Process process, String json) {
    Thread feeder =
        new Thread(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(json.getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                return; // it ended, or closed its input: its exit code decides
              }
            },
            "hook-input");
    feeder.setDaemon(true);
    feeder.start();
  }

  private static Map<String, String> variables(NightEvent event) {
    return Map.of(
        "ATTUNE_EVENT", event.event(),
        "ATTUNE_TEXT", variable(event.text()),
        "ATTUNE_TASK", event.task(),
        "ATTUNE_ROOT", variable(event.root()),
        "ATTUNE_RUN", event.lastRun(),
        "ATTUNE_REPORT", variable(event.lastReport()),
        "ATTUNE_EXIT_CODE", String.valueOf(event.exitCode()));
  }

  /** Truncates a text to what a variable can hold, and removes NUL characters. */
  private static String variable(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_VARIABLE)).replace('\0', ' ');
  }

  private Answer post(Hook hook, NightEvent event, String json) throws InterruptedException {
    if (hook.missingVariable(env).isPresent()) {
      return Answer.refused(
          "the environment variable %s holds no URL".formatted(hook.missingVariable(env).get()));
    }
    URI address = hook.address(env);
    Duration limit = Duration.ofSeconds(hook.timeoutSeconds());
    HttpClient client = HttpClient.newBuilder().connectTimeout(limit).build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(limit)
            .header("Content-Type", "application/json; charset=" + ENCODING)
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (event.key() != null) {
      request.header("Idempotency-Key", event.key());
    }
    // A path may be a secret: only the host is named. A request's own timeout ends with the
    // headers.
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      int status = answer.get(limit.toSeconds(), TimeUnit.SECONDS).statusCode();
      return status / 100 == 2
          ? Answer.TAKEN
          : Answer.refused("%s answered with status %d".formatted(address.getHost(), status));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String fault = "no answer from %s: %s".formatted(address.getHost(), message(cause));
      // Without a connection nothing was told.
      return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
          ? Answer.refused(fault)
          : Answer.unknown(fault);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return Answer.unknown(
          "no whole answer from %s within %d seconds"
              .formatted(address.getHost(), limit.toSeconds()));
    }
  }

  private static String excerpt(Path output) throws IOException {
    try (InputStream in = Files.newInputStream(output)) {
      String text = new String(in.readNBytes(EXCERPT), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "" : ": " + text.replaceAll("\\s+", " ");
    }
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
