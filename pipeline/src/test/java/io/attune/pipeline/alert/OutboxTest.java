package io.attune.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.attune.pipeline.storage.Storage;
import io.attune.schemas.report.SurgeAlert;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final Set<String> SINKS = Set.of("command", "webhook");

  @TempDir Path root;
  private Outbox outbox;

  @BeforeEach
  void open() {
    outbox = Outbox.of(Storage.at(root.toUri().toString(), new Configuration()), "news");
  }

  @Test
  void anAlertWaitsUntilEverySinkHasIt() {
    outbox.add("2026-01-06.1", List.of(alert("a", "notice"), alert("b", "notice")));
    outbox.add("2026-01-06.1", List.of(alert("a", "notice"), alert("b", "notice")));
    assertThat(outbox.entries()).hasSize(2);

    outbox.delivered(outbox.entries().subList(0, 1), "command", SINKS);
    assertThat(outbox.entries())
        .extracting(entry -> entry.alert().id() + entry.delivered())
        .containsExactly("a[command]", "b[]");

    outbox.delivered(outbox.entries(), "webhook", SINKS);
    assertThat(outbox.entries()).extracting(entry -> entry.alert().id()).containsExactly("b");

    outbox.delivered(outbox.entries(), "command", SINKS);
    assertThat(outbox.entries()).isEmpty();
  }

  @Test
  void anAlertThatWorsenedIsToldOfAgain() {
    outbox.add("2026-01-06.1", List.of(alert("a", "notice")));
    outbox.add("2026-01-07.1", List.of(alert("a", SurgeAlert.WORSENED, "severe")));

    assertThat(outbox.entries())
        .extracting(Outbox.Entry::run)
        .containsExactly("2026-01-06.1", "2026-01-07.1");
  }

  @Test
  void aSinkThatWasDownIsToldThatAnAlertStandsThatWasWithdrawnAndRaisedAgain() {
    outbox.add("2026-01-06.1", List.of(alert("a", SurgeAlert.RAISED, "notice")));
    outbox.add("2026-01-07.1", List.of(alert("a", SurgeAlert.WITHDRAWN, "notice")));
    outbox.add("2026-01-08.1", List.of(alert("a", SurgeAlert.RAISED, "notice")));

    assertThat(outbox.entries())
        .extracting(Outbox.Entry::key)
        .containsExactly("2026-01-08.1 a raised notice");
  }

  @Test
  void aSinkThatIsBehindTheOtherIsToldEverythingInOrder() {
    outbox.add("2026-01-06.1", List.of(alert("a", SurgeAlert.RAISED, "notice")));
    outbox.delivered(outbox.entries(), "command", SINKS);
    outbox.add("2026-01-07.1", List.of(alert("a", SurgeAlert.WITHDRAWN, "notice")));
    outbox.delivered(outbox.entries().subList(1, 2), "command", SINKS);
    outbox.add("2026-01-08.1", List.of(alert("a", SurgeAlert.RAISED, "notice")));

    assertThat(outbox.entries())
        .extracting(entry -> entry.alert().change())
        .containsExactly("raised", "withdrawn", "raised");
  }

  @Test
  void aRepeatedStageReplacesWhatItFoundBefore() {
    outbox.add("2026-01-06.1", List.of(alert("a", "notice"), alert("b", "notice")));
    outbox.add("2026-01-06.1", List.of(alert("b", "notice")));

    assertThat(outbox.entries()).extracting(entry -> entry.alert().id()).containsExactly("b");
  }

  static SurgeAlert alert(String id, String severity) {
    return alert(id, SurgeAlert.RAISED, severity);
  }

  private static SurgeAlert alert(String id, String change, String severity) {
    return new SurgeAlert(
        id,
        new SurgeAlert.Subject("topic:regulation", "topic", "regulation", "count"),
        change,
        severity,
        new SurgeAlert.Span("2026-01-02", "2026-01-04", "2026-01-05"),
        new SurgeAlert.Peak(61, 12.4, 23, 0.00001, 0.001, "trend and weekday", ""),
        List.of(),
        "2026-01-05.1",
        List.of(),
        List.of(),
        new SurgeAlert.Course("2026-01-01", List.of(3L), List.of(1L)));
  }

  @Test
  void aLineSaysWhatTheAlertIsAbout() {
    assertThat(AlertLine.of(alert("a", "severe")))
        .isEqualTo(
            "SEVERE: negative news on topic regulation, 2026-01-02 to 2026-01-05: 61 on 2026-01-04,"
                + " expected 12.4, limit 23 (p below 0.0001)");
  }
}
