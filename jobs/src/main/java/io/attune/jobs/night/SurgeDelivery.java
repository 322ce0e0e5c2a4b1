package io.attune.jobs.night;

import io.attune.jobs.hooks.Hooks;
import io.attune.jobs.hooks.Hooks.Outcome;
import io.attune.jobs.hooks.Hooks.Sink;
import io.attune.jobs.hooks.NightEvent;
import io.attune.jobs.hooks.NightEvent.Surge;
import io.attune.pipeline.alert.AlertLine;
import io.attune.pipeline.alert.Outbox;
import io.attune.pipeline.alert.Outbox.Entry;
import io.attune.pipeline.figure.Figures;
import io.attune.schemas.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells the hook {@code on-alert} of surges of negative news, each sink of each alert once, in
 * parts that a receiver takes or refuses as a whole. A sink that refuses a part is tried again;
 * then that part and the rest wait for the next night. So do those that it may have taken without
 * saying so, at once.
 */
final class SurgeDelivery {
  private static final int ATTEMPTS = 3;

  /** Bounds the alerts of one event; one has some 5 KiB with its headlines. */
  private static final int PART = 20;

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
   * Delivers what waits of runs that have published their alerts.
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
      List<Entry> waiting = new ArrayList<>(outbox.due());
      waiting.removeIf(entry -> entry.delivered().contains(sink.word()));
      boolean isTaking = true;
      while (isTaking && !waiting.isEmpty()) {
        List<Entry> part = firstPart(waiting);
        Outcome outcome = tell(sink, event(night, part));
        isTaking = outcome == Outcome.TAKEN;
        if (isTaking) {
          outbox.delivered(part, sink.word(), names);
          waiting.removeAll(part);
        } else {
          warn.accept(
              "hook on-alert %s %s %s; the next night tries again"
                  .formatted(
                      sink.word(),
                      outcome == Outcome.UNKNOWN ? "may have taken part of" : "did not take",
                      Figures.of(waiting.size(), "alert")));
        }
      }
    }
  }

  /**
   * Returns the first alerts that wait, of one run alone: alerts of later runs leave the part, and
   * so its key, as it was.
   */
  private static List<Entry> firstPart(List<Entry> waiting) {
    String run = waiting.get(0).run();
    return waiting.stream().filter(entry -> entry.run().equals(run)).limit(PART).toList();
  }

  private Outcome tell(Sink sink, NightEvent event) {
    Outcome outcome = hooks.deliver(event, sink);
    for (int attempt = 1; attempt < ATTEMPTS && outcome == Outcome.REFUSED; attempt++) {
      if (!Thread.currentThread().isInterrupted()) {
        pause.accept(Duration.ofSeconds(2L * attempt));
      }
      outcome = hooks.deliver(event, sink);
    }
    return outcome;
  }

  private static NightEvent event(NightEvent night, List<Entry> part) {
    List<String> lines = part.stream().map(entry -> AlertLine.of(entry.alert())).toList();
    String text = "Attune, task %s: alert: %s".formatted(night.task(), String.join("; ", lines));
    List<Surge> surges = part.stream().map(entry -> new Surge(entry.run(), entry.alert())).toList();
    String keys = part.stream().map(Entry::key).collect(Collectors.joining("\n"));
    return night.ofSurges(text, lines, surges, Sha256.of(night.task() + "\n" + keys));
  }
}
