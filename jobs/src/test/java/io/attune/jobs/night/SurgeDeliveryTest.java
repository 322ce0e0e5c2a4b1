package io.attune.jobs.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attune.jobs.hooks.Hook;
import io.attune.jobs.hooks.Hooks;
import io.attune.jobs.hooks.HooksConfig;
import io.attune.jobs.hooks.NightEvent;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.model.Manifest;
import io.attune.schemas.report.SurgeAlert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests with real programs that an alert reaches each sink once, over as many nights as it takes.
 */
class SurgeDeliveryTest {
  private static final NightEvent NIGHT =
      new NightEvent(
          NightEvent.ALERT,
          "done",
          "news",
          "file:/root",
          0,
          List.of(),
          List.of(),
          "2026-01-06T03:00:00Z");

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private Outbox outbox;

  @BeforeEach
  void open() throws IOException {
    outbox = Outbox.of(Storage.at(folder.toUri().toString(), new Configuration()), "news");
    publish("2026-01-06.1");
    outbox.add("2026-01-06.1", List.of(alert("regulation")));
  }

  @Test
  void anAlertIsDeliveredOnceWithItsFigures() throws IOException {
    deliver(told());
    deliver(told());

    List<String> told = Files.readAllLines(folder.resolve("told"));
    assertThat(told).hasSize(1);
    JsonNode event = new ObjectMapper().readTree(told.get(0));
    assertThat(event.at("/event").asText()).isEqualTo("alert");
    assertThat(event.at("/alerts/0").asText())
        .startsWith("SEVERE: negative news on topic regulation, 2026-01-02 to 2026-01-05");
    assertThat(event.at("/surges/0/peak/limit").asDouble()).isEqualTo(23);
    assertThat(outbox.entries()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aSinkThatIsDownIsTriedAgainThenParkedForTheNextNight() throws IOException {
    deliver(List.of("sh", "-c", "exit 7"));

    assertThat(pauses).hasSize(2);
    assertThat(warnings).hasSize(4);
    assertThat(warnings.get(3))
        .isEqualTo("hook on-alert command did not take 1 alert; the next night tries again");
    assertThat(outbox.entries()).hasSize(1);

    publish("2026-01-07.1");
    outbox.add("2026-01-07.1", List.of(alert("mergers")));
    deliver(told());

    assertThat(Files.readString(folder.resolve("told")))
        .contains("topic regulation", "topic mergers");
    assertThat(outbox.entries()).isEmpty();
  }

  @Test
  void aSinkThatRecoversWithinTheNightIsNotParked() throws IOException {
    Path marker = folder.resolve("once");
    deliver(
        List.of(
            "sh",
            "-c",
            "test -e " + marker + " || { touch " + marker + "; exit 1; }; cat > /dev/null"));

    assertThat(outbox.entries()).isEmpty();
    assertThat(pauses).hasSize(1);
  }

  @Test
  void manyAlertsAreToldInPartsThatAReceiverCanTake() throws IOException {
    addMany(46);

    deliver(told());

    assertThat(events()).extracting(event -> event.at("/surges").size()).containsExactly(20, 20, 6);
    assertThat(events()).extracting(event -> event.at("/key").asText()).doesNotHaveDuplicates();
    assertThat(events().get(0).at("/surges/0/run").asText()).isEqualTo("2026-01-06.1");
    assertThat(events().get(0).at("/surges/0/id").asText()).isEqualTo("id of regulation");
    assertThat(outbox.entries()).isEmpty();
  }

  @Test
  void whatASinkTookBeforeItWentDownIsNotToldAgain() throws IOException {
    addMany(46);
    Path full = folder.resolve("full");

    deliver(
        List.of(
            "sh",
            "-c",
            "test -e %1$s && exit 9; touch %1$s; cat >> %2$s; echo >> %2$s"
                .formatted(full, folder.resolve("told"))));

    assertThat(events()).hasSize(1);
    assertThat(outbox.entries()).hasSize(26);
    assertThat(warnings)
        .last()
        .isEqualTo("hook on-alert command did not take 26 alerts; the next night tries again");
  }

  @Test
  void aSinkThatMayHaveTakenAnAlertIsToldAgainInTheNextNightAloneUnderTheSameKey()
      throws IOException {
    List<String> hanging =
        List.of(
            "sh", "-c", "cat >> %1$s; echo >> %1$s; sleep 60".formatted(folder.resolve("told")));

    deliver(new Hook(hanging, "", 1));
    publish("2026-01-07.1");
    outbox.add("2026-01-07.1", List.of(alert("mergers")));

    assertThat(events()).hasSize(1);
    assertThat(pauses).isEmpty();
    assertThat(warnings)
        .last()
        .isEqualTo(
            "hook on-alert command may have taken part of 1 alert; the next night tries again");

    deliver(told());

    assertThat(events()).hasSize(3);
    assertThat(events().get(1).at("/key")).isEqualTo(events().get(0).at("/key"));
    assertThat(events().get(2).at("/key")).isNotEqualTo(events().get(0).at("/key"));
    assertThat(outbox.entries()).isEmpty();
  }

  @Test
  void alertsOfARunThatDidNotPublishThemWaitUntilItHas() throws IOException {
    outbox.add("2026-01-07.1", List.of(alert("mergers")));

    deliver(told());

    assertThat(events()).hasSize(1);
    assertThat(outbox.entries()).extracting(Outbox.Entry::run).containsExactly("2026-01-07.1");

    outbox.add("2026-01-07.1", List.of(alert("energy"))); // the stage is repeated
    publish("2026-01-07.1");
    deliver(told());

    assertThat(events()).hasSize(2);
    assertThat(events().get(1).at("/surges").findValuesAsText("name")).containsExactly("energy");
  }

  @Test
  void withoutASinkNothingWaits() {
    deliver(List.of());

    assertThat(outbox.entries()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void hostileNamesAreHarmlessInTheSentence() throws IOException {
    outbox.add(
        "2026-01-06.1", List.of(alert("regulation"), alert("*x* <!channel> [y](z)\u001b[2J")));

    deliver(told());

    JsonNode event = new ObjectMapper().readTree(Files.readString(folder.resolve("told")));
    assertThat(event.at("/text").asText() + event.at("/alerts/1").asText())
        .doesNotContain("*x*", "<!channel>", "[y](z)", "\u001b");
  }

  private List<String> told() {
    return List.of(
        "sh", "-c", "cat >> " + folder.resolve("told") + "; echo >> " + folder.resolve("told"));
  }

  /** Publishes the mood of a run. */
  private void publish(String run) throws IOException {
    Path mood = Files.createDirectories(folder.resolve("runs/news/" + run + "/mood"));
    Files.writeString(mood.resolve(Manifest.FILE_NAME), "{}");
  }

  private void addMany(int number) {
    outbox.add(
        "2026-01-06.1",
        IntStream.range(0, number)
            .mapToObj(i -> alert(i == 0 ? "regulation" : "topic" + i))
            .toList());
  }

  private List<JsonNode> events() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("told"))) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private void deliver(List<String> command) {
    deliver(new Hook(command, "", 30));
  }

  private void deliver(Hook hook) {
    Hook none = new Hook(List.of(), "", 1);
    Hooks hooks = new Hooks(new HooksConfig(none, none, hook), System.getenv(), warnings::add);
    new SurgeDelivery(hooks, warnings::add, pauses::add).deliver(outbox, NIGHT);
  }

  static SurgeAlert alert(String topic) {
    return new SurgeAlert(
        "id of " + topic,
        new SurgeAlert.Subject("topic:" + topic, "topic", topic, "count"),
        SurgeAlert.RAISED,
        "severe",
        new SurgeAlert.Span("2026-01-02", "2026-01-04", "2026-01-05"),
        new SurgeAlert.Peak(61, 12.4, 23, 0.00001, 0.001, "trend and weekday", ""),
        List.of(),
        "2026-01-05.1",
        List.of(),
        List.of(),
        new SurgeAlert.Course("2026-01-01", List.of(3L), List.of(1L)));
  }
}
