package io.attune.pipeline.alert;

import io.attune.pipeline.storage.Artefacts;
import io.attune.pipeline.storage.Run;
import io.attune.pipeline.storage.Storage;
import io.attune.schemas.json.Json;
import io.attune.schemas.report.SurgeAlert;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the alerts of a task that are still to be told to someone: {@code
 * alerts/<task>/outbox.json}, replaced in one step. An alert stays until every sink has it, over as
 * many nights as that takes; so it is delivered to each of them once, and after a process that was
 * killed between the delivery and its record twice.
 */
public final class Outbox {
  /** Bounds what waits, the oldest go first: a sink that is down for months gets no flood. */
  public static final int MOST = 500;

  private final Storage storage;
  private final String task;
  private final String file;

  private Outbox(Storage storage, String task) {
    this.storage = storage;
    this.task = task;
    this.file = "alerts/" + task + "/outbox.json";
  }

  public static Outbox of(Storage storage, String task) {
    return new Outbox(storage, task);
  }

  /**
   * Holds one alert that waits.
   *
   * @param run that raised it
   * @param delivered names of the sinks that have it
   */
  public record Entry(String run, SurgeAlert alert, List<String> delivered) {
    public Entry {
      delivered = List.copyOf(delivered);
    }

    /** Returns what one delivery is of: the same alert is told of again when it changes. */
    public String key() {
      return String.join(" ", run, alert.id(), alert.change(), alert.severity());
    }

    /** Returns whether no sink has it and a later one says all that is still to be told. */
    private boolean isReplacedBy(SurgeAlert later) {
      boolean isOnlyWorse =
          later.change().equals(SurgeAlert.WORSENED) && alert.change().equals(SurgeAlert.RAISED);
      return delivered.isEmpty() && alert.id().equals(later.id()) && !isOnlyWorse;
    }

    private Entry with(String sink) {
      List<String> all = new ArrayList<>(delivered);
      all.add(sink);
      return new Entry(run, alert, all);
    }
  }

  private record Content(int version, List<Entry> entries) {
    private static final int VERSION = 1;

    Content {
      entries = List.copyOf(entries);
    }
  }

  /** Returns what waits, the oldest first. */
  public List<Entry> entries() {
    return storage.exists(file) ? storage.readJson(file, Content.class).entries() : List.of();
  }

  /**
   * Returns what may be told, the oldest first: alerts of a run whose mood is not published may
   * become others when its stage is repeated.
   */
  public List<Entry> due() {
    List<Entry> waiting = entries();
    Artefacts artefacts = Artefacts.of(storage);
    Set<String> published =
        waiting.stream()
            .map(Entry::run)
            .distinct()
            .filter(run -> artefacts.isPublished(Run.parse(task, run).mood()))
            .collect(Collectors.toSet());
    return waiting.stream().filter(entry -> published.contains(entry.run())).toList();
  }

  /**
   * Adds the alerts of a run, in place of those of an earlier attempt of it. What an alert makes
   * outdated and no sink has is removed: a sink that was down is told how things stand.
   */
  public void add(String run, List<SurgeAlert> alerts) {
    List<Entry> before = entries();
    Map<String, Entry> known =
        before.stream().collect(Collectors.toMap(Entry::key, entry -> entry, (one, same) -> one));
    List<Entry> all = new ArrayList<>(before);
    all.removeIf(entry -> entry.run().equals(run));
    for (SurgeAlert alert : alerts) {
      all.removeIf(entry -> entry.isReplacedBy(alert));
      Entry entry = new Entry(run, alert, List.of());
      all.add(known.getOrDefault(entry.key(), entry));
    }
    if (!all.equals(before)) {
      replace(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }
  }

  /**
   * Records that a sink has some of them; those that every sink has are removed.
   *
   * @param sinks the names of all
   */
  public void delivered(Collection<Entry> entries, String sink, Set<String> sinks) {
    Set<String> keys = Set.copyOf(entries.stream().map(Entry::key).toList());
    List<Entry> left = new ArrayList<>();
    for (Entry entry : entries()) {
      Entry now = keys.contains(entry.key()) ? entry.with(sink) : entry;
      if (!now.delivered().containsAll(sinks)) {
        left.add(now);
      }
    }
    replace(left);
  }

  /** Removes everything: there is no one to tell. */
  public void clear() {
    if (!entries().isEmpty()) {
      replace(List.of());
    }
  }

  private void replace(List<Entry> entries) {
    storage.replace(file, Json.pretty(new Content(Content.VERSION, entries)));
  }
}
