package io.attune.jobs.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.attune.jobs.hooks.Hooks.Outcome;
import io.attune.jobs.hooks.Hooks.Sink;
import io.attune.jobs.hooks.NightEvent.RunSummary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests hooks with real programs and a real server. */
class HooksTest {
  private static final Hook NONE = new Hook(List.of(), "", 30);

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> posted = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/secret",
        exchange -> {
          posted.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void programIsGivenTheNightOnItsInputAndInItsEnvironment() throws IOException {
    Path out = folder.resolve("out");
    Hook hook = shell("cat > " + out + "; echo \" $ATTUNE_EVENT $ATTUNE_RUN $KEPT\" >> " + out);

    send(hook, NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).isEmpty();
    String text = Files.readString(out);
    assertThat(text).endsWith(" success 2026-01-02.1 yes\n");
    JsonNode json = new ObjectMapper().readTree(text.substring(0, text.lastIndexOf('}') + 1));
    assertThat(json.at("/event").asText()).isEqualTo("success");
    assertThat(json.at("/runs/0/report").asText()).isEqualTo("hdfs://nn/root/index.html");
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() throws IOException {
    Path out = folder.resolve("out");
    Path program =
        Files.writeString(folder.resolve("tell"), "#!/bin/sh\nprintf '%s|' \"$@\" > " + out + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();

    send(
        new Hook(List.of(program.toString(), "a b", "$HOME; rm -rf x", "*"), "", 30),
        NONE,
        event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).isEmpty();
    assertThat(Files.readString(out)).isEqualTo("a b|$HOME; rm -rf x|*|");
  }

  @Test
  void programThatFailsIsAWarningWithWhatItSaid() {
    send(shell("echo no such channel >&2; exit 9"), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("hook on-success command", "exit code 9: no such channel", "not affected");
  }

  @Test
  void programThatIsNotThereIsAWarning() {
    send(new Hook(List.of("/no/such/program"), "", 30), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).singleElement().asString().contains("/no/such/program");
  }

  @Test
  void programThatHangsIsEndedWithItsChildren() throws Exception {
    Path pid = folder.resolve("pid");
    Hook hook = new Hook(List.of("sh", "-c", "sleep 300 & echo $! > " + pid + "; wait"), "", 1);

    send(hook, NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).singleElement().asString().contains("'sh' was ended after 1 seconds");
    long child = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
    assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void programThatReadsNothingAndWritesMuchDoesNotHang() {
    NightEvent large = event(NightEvent.SUCCESS, "x".repeat(1 << 20));

    send(
        new Hook(List.of("sh", "-c", "head -c 3000000 /dev/zero"), "", 60),
        NONE,
        new NightEvent(
            large.event(), "short", "news", "r", 0, List.of(large.text()), List.of(), "now"));

    assertThat(warnings).isEmpty();
  }

  @Test
  void hostileAndLongTextsReachAProgramAsFarAsAVariableCanHoldThem() throws IOException {
    Path out = folder.resolve("out");

    send(
        shell("printf %s \"$ATTUNE_TEXT\" > " + out),
        NONE,
        event(NightEvent.SUCCESS, "a\0b" + "x".repeat(1 << 20)));

    assertThat(warnings).isEmpty();
    assertThat(Files.readString(out)).startsWith("a bxxx");
  }

  @Test
  void programThatNoSystemCanRunIsAWarning() {
    Hook hook = new Hook(List.of("sh", "-c", "exit"), "", 30);

    new Hooks(new HooksConfig(hook, NONE, NONE), Map.of("PATH", "a\0b"), warnings::add)
        .send(event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).singleElement().asString().contains("hook on-success command");
  }

  @Test
  void serverThatNeverEndsItsAnswerIsAWarning() {
    server.createContext("/endless", exchange -> exchange.sendResponseHeaders(200, 0));

    send(
        new Hook(List.of(), url().replace("/secret", "/endless"), 1),
        NONE,
        event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("no whole answer from 127.0.0.1 within 1 seconds");
  }

  @Test
  void webhookIsPostedTheNightAsJson() throws IOException {
    send(webhook(url()), NONE, event(NightEvent.SUCCESS, "«好» \"quoted\"\n"));

    assertThat(warnings).isEmpty();
    assertThat(posted).hasSize(1);
    assertThat(posted.get(0)).startsWith("POST application/json; charset=UTF-8 {");
    JsonNode json = new ObjectMapper().readTree(posted.get(0).replaceFirst("^[^{]*", ""));
    assertThat(json.at("/text").asText()).isEqualTo("«好» \"quoted\"\n");
    assertThat(json.at("/exitCode").asInt()).isZero();
  }

  @Test
  void addressMayComeFromTheEnvironment() {
    send(webhook("env:CHANNEL"), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).isEmpty();
    assertThat(posted).hasSize(1);
  }

  @Test
  void variableThatIsNotSetIsAWarning() {
    send(webhook("env:NO_SUCH"), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings).singleElement().asString().contains("variable NO_SUCH holds no URL");
  }

  @Test
  void refusalOfTheServerIsAWarningThatKeepsTheAddressSecret() {
    status = 403;
    send(webhook(url()), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("answered with status 403")
        .doesNotContain("secret");
  }

  @Test
  void serverThatIsNotThereIsAWarning() {
    String url = url();
    server.stop(0);

    send(webhook(url), NONE, event(NightEvent.SUCCESS, "fine"));

    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("no answer from 127.0.0.1")
        .doesNotContain("secret");
  }

  @Test
  void saysWhetherAnEventWasTakenRefusedOrPerhapsTaken() {
    server.createContext("/silent", exchange -> exchange.getRequestBody().readAllBytes());
    String url = url();

    assertThat(deliver(webhook(url))).isEqualTo(Outcome.TAKEN);
    assertThat(deliver(new Hook(List.of(), url.replace("/secret", "/silent"), 1)))
        .isEqualTo(Outcome.UNKNOWN);
    status = 413;
    assertThat(deliver(webhook(url))).isEqualTo(Outcome.REFUSED);
    server.stop(0);
    assertThat(deliver(webhook(url))).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void theKeyOfADeliveryIsAHeaderOfTheWebhook() {
    List<String> keys = Collections.synchronizedList(new ArrayList<>());
    server.createContext(
        "/keys",
        exchange -> {
          keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });

    deliver(webhook(url().replace("/secret", "/keys")));

    assertThat(keys).containsExactly("the key");
  }

  private Outcome deliver(Hook hook) {
    return new Hooks(new HooksConfig(NONE, NONE, hook), Map.of(), warnings::add)
        .deliver(
            event(NightEvent.ALERT, "fine").ofSurges("fine", List.of(), List.of(), "the key"),
            Sink.WEBHOOK);
  }

  @Test
  void eachEventHasItsOwnHook() {
    send(NONE, webhook(url()), event(NightEvent.SUCCESS, "fine"));
    assertThat(posted).isEmpty();

    send(NONE, webhook(url()), event(NightEvent.FAILURE, "broken"));
    assertThat(posted).singleElement().asString().contains("\"event\":\"failure\"");
  }

  @Test
  void whatIsLeftOutIsToldToNobody() {
    new Hooks(new HooksConfig(null, null, null), Map.of(), warnings::add)
        .send(event(NightEvent.ALERT, "fine"));

    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/x", "not a url", "file:///etc/passwd", "http:"})
  void webhookThatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> webhook(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("webhook must be an http or https URL, or env:NAME");
  }

  private void send(Hook success, Hook failure, NightEvent event) {
    new Hooks(
            new HooksConfig(success, failure, NONE),
            Map.of("PATH", System.getenv("PATH"), "KEPT", "yes", "CHANNEL", url()),
            warnings::add)
        .send(event);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/secret";
  }

  private static Hook shell(String script) {
    return new Hook(List.of("sh", "-c", script), "", 30);
  }

  private static Hook webhook(String address) {
    return new Hook(List.of(), address, 10);
  }

  private static NightEvent event(String kind, String text) {
    return new NightEvent(
        kind,
        text,
        "news",
        "hdfs://nn/root",
        0,
        List.of(),
        List.of(
            new RunSummary(
                "2026-01-02.1", "finished", null, 1, 2, 0, "hdfs://nn/root/index.html", List.of())),
        "2026-01-02T03:04:05Z");
  }
}
