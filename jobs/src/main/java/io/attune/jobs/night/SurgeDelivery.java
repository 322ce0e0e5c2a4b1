package io.attune.jobs.night;

import io.attune.jobs.hooks.Hooks;
import io.attune.jobs.hooks.Hooks.Sink;
import io.attune.jobs.hooks.NightEvent;
import io.attune.pipeline.alert.AlertLine;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.alert.Outbox.Entry;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.report.SurgeAlert;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells the hook {@code on-alert} of surges of negative news, each sink of each alert once. A sink
 * that does not take them is tried again; then they wait for the next night.
 */
final class SurgeDelivery {
  private static final int ATTEMPTS = 3;

  private final Hooks hooks;
  private final Consumer<String> warn;
  private final Consumer<Duration> pause;

  /**
   * Delivers through hooks.
   *
   * @param warn receives a line for each sink that is left for the next night
   * @param pause waits between two attempts
   */
  SurgeDelivery(Hooks hooks, Consumer<String> warn, Consumer<Duration> pause) {
    this.hooks = hooks;
    this.warn = warn;
    this.pause = pause;
  }

  /** Waits, or not if the thread is interrupted. */
  static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Delivers what waits.
   *
   * @param night the event of the night's end
   */
  void deliver(Outbox outbox, NightEvent night) {
    Set<Sink> sinks = hooks.sinks(NightEvent.ALERT);
    if (sinks.isEmpty()) {
      outbox.clear(); // there is no one to tell, now or later
      return;
    }
    Set<String> names = sinks.stream().map(Sink::word).collect(Collectors.toSet());
    for (Sink sink : sinks) {
      List<Entry> waiting =
          outbox.entries().stream()
              .filter(entry -> !entry.delivered().contains(sink.word()))
              .toList();
      if (waiting.isEmpty()) {
        continue;
      }
      if (take(sink, event(night, waiting))) {
        outbox.delivered(waiting, sink.word(), names);
      } else {
        warn.accept(
            "hook on-alert %s did not take %s; the next night tries again"
                .formatted(sink.word(), Figures.of(waiting.size(), "alert")));
      }
    }
  }

  private boolean take(Sink sink, NightEvent event) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (hooks.deliver(event, sink)) {
        return true;
      }
      if (attempt < ATTEMPTS && !Thread.currentThread().isInterrupted()) {
        pause.accept(Duration.ofSeconds(2L * attempt));
      }
    }
    return false;
  }

  private static NightEvent event(NightEvent night, List<Entry> waiting) {
    List<SurgeAlert> alerts = waiting.stream().map(Entry::alert).toList();
    List<String> lines = alerts.stream().map(AlertLine::of).toList();
    String text = "Attune, task %s: alert: %s".formatted(night.task(), String.join("; ", lines));
    return night.ofSurges(text, lines, alerts);
  }
}
